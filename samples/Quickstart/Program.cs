using Quickstart;
using Quickstart.Options;
using Quickstart.Show;

var screen = new Screen();
var (options, errors) = CommandLine.Parse(args);
if (errors.Count > 0)
{
    foreach (var error in errors)
    {
        screen.Warn(error);
    }

    screen.Warn("--help shows the options.");
    return 2;
}

if (options.Help)
{
    screen.Say(CommandLine.Usage);
    return 0;
}

if (options.Version)
{
    screen.Say(ProductVersion.Text);
    return 0;
}

using var stop = new StopSignal();
return await new QuickstartRun(options, screen).RunAsync(stop.Token);
