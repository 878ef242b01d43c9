// Conversations are held in real time, and hosts start and end: two beds at once would be late for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
