namespace Campaigns.Audio;

/// <summary>Fourth-order Butterworth high-pass at 300 Hz: takes out a constant offset, the mains' hum and its harmonics, and leaves a voice.</summary>
internal sealed class HighPass
{
    private const double Corner = 300;
    private readonly Section _first;
    private readonly Section _second;

    public HighPass(int sampleRate)
    {
        // The two pole pairs of the fourth order, at their qualities.
        _first = new Section(sampleRate, 1 / (2 * Math.Cos(Math.PI / 8)));
        _second = new Section(sampleRate, 1 / (2 * Math.Cos(3 * Math.PI / 8)));
    }

    public double Next(double sample) => _second.Next(_first.Next(sample));

    private sealed class Section
    {
        private readonly double _gain;
        private readonly double _a1;
        private readonly double _a2;
        private double _s1;
        private double _s2;

        public Section(int sampleRate, double quality)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * Corner / sampleRate);
            var alpha = sin / (2 * quality);
            _gain = (1 + cos) / 2 / (1 + alpha);
            (_a1, _a2) = (-2 * cos / (1 + alpha), (1 - alpha) / (1 + alpha));
        }

        public double Next(double x)
        {
            x *= _gain;
            var y = x + _s1;
            _s1 = (-2 * x) - (_a1 * y) + _s2;
            _s2 = x - (_a2 * y);
            return y;
        }
    }
}
