import ArgumentParser
import Tensors

/// Where chance comes from.
struct SeedOption: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("The seed of chance; equal seeds give equal results.", valueName: "number"))
  var value: UInt64 = 0

  /// The random numbers of the picture at `index`: they do not depend on the pictures before it.
  func source(_ index: Int = 0) -> RandomSource {
    RandomSource(seed: value, stream: RandomStreams.pictures + UInt64(index))
  }
}
