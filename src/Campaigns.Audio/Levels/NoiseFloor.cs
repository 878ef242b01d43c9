namespace Campaigns.Audio;

/// <summary>The level of what never stops: the quietest frame of the last two seconds. Speech pauses more often than that.</summary>
internal sealed class NoiseFloor
{
    private const int Windows = 8;
    private const int FramesPerWindow = 13;

    // Until this many frames have come, whoever speaks first is not taken for noise.
    private const int Learning = 25;
    private const double MostWhileLearning = -50;

    private readonly double[] _minima = new double[Windows];
    private int _frames;

    public NoiseFloor() => Array.Fill(_minima, double.PositiveInfinity);

    public double Next(double level)
    {
        var window = _frames / FramesPerWindow % Windows;
        _minima[window] = _frames % FramesPerWindow == 0 ? level : Math.Min(_minima[window], level);
        _frames++;
        var least = double.PositiveInfinity;
        foreach (var minimum in _minima)
        {
            least = Math.Min(least, minimum);
        }

        return _frames < Learning ? Math.Min(least, MostWhileLearning) : least;
    }
}
