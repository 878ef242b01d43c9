using Campaigns.Simulation;

return Commands.Run(args, Console.Out);
