import ArgumentParser

/// Where chance comes from.
struct SeedOption: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("The seed of chance; equal seeds give equal results.", valueName: "number"))
  var value: UInt64 = 0
}
