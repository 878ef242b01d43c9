// Conversations are held in real time: two classes at once would be late for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
