import ArgumentParser
import Graphs

/// What computes, and with how much of the machine.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .customLong("threads"),
    help: ArgumentHelp("Number of threads (default: all cores).", valueName: "count"))
  var count: Int?

  @Flag(help: "Print where the time went to standard error at the end.")
  var profile = false

  func validate() throws {
    if let count, !(1...4096).contains(count) {
      throw ValidationError("expected 1 to 4096 threads, found \(count)")
    }
  }

  /// Applies the options. To be called before anything is computed.
  func backend() throws -> any Backend {
    if let count { Threads.set(count) }
    Profile.begin(profile)
    return try Backends.selected
  }
}

/// What convolutions round their factors to.
enum Precision: String, ExpressibleByArgument, CaseIterable {
  case float32, bfloat16

  /// - Throws: `Failure` where the processor cannot.
  func applied(to backend: any Backend) throws -> any Backend {
    guard self == .bfloat16 else { return backend }
    guard Bfloat16Backend.isAvailable else {
      throw Failure(
        .usage,
        "--precision bfloat16 needs a processor with a matrix unit (AMX), which this one lacks; "
          + "leave it out")
    }
    return Bfloat16Backend(backend)
  }
}

/// The random seed.
struct SeedOption: ParsableArguments {
  @Option(
    name: .customLong("seed"),
    help: ArgumentHelp("Random seed; equal seeds give equal results.", valueName: "number"))
  var value: UInt64 = 0
}
