import ArgumentParser

/// The random seed.
struct SeedOption: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("Random seed; equal seeds give equal results.", valueName: "number"))
  var value: UInt64 = 0
}
