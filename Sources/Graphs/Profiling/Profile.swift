import CKernels
import Platform

/// Where the time of this process goes: by operation of its plans, and by what is done around them.
///
/// Kept where the environment has `LATENT_PROFILE=1` or `Profile.begin` was called, and printed on
/// standard error when the process ends; as one line of JSON with `LATENT_PROFILE=json`.
package final class Profile: Sendable {
  /// How the report is written.
  enum Format: Sendable {
    case table
    case json
  }

  /// Seconds and runs of one kind of work.
  final class Counter: Sendable {
    let work: Work
    private let sums = Lock((seconds: 0.0, runs: 0))

    init(_ work: Work) { self.work = work }

    func add(_ seconds: Double) {
      sums.withLock {
        $0.seconds += seconds
        $0.runs += 1
      }
    }

    var total: (seconds: Double, runs: Int) { sums.withLock { $0 } }
  }

  let format: Format
  private let start = monotonicSeconds()
  private let counters = Lock<[Work: Counter]>([:])
  private let noted = Lock((count: 0, bytes: 0))

  init(_ format: Format) { self.format = format }

  // MARK: The process's profile

  private static let kept = Lock<Profile?>(requested())

  /// The profile of this process; nil where nobody asked for one.
  static var current: Profile? { kept.withLock { $0 } }

  /// Begins a profile where `isWanted`, or where the environment asks for one.
  package static func begin(_ isWanted: Bool) {
    kept.withLock { if isWanted && $0 == nil { $0 = prepared(.table) } }
  }

  private static func requested() -> Profile? {
    switch Environment.profile {
    case nil, "0": return nil
    case "json": return prepared(.json)
    default: return prepared(.table)
    }
  }

  /// A profile that is printed when the process ends.
  private static func prepared(_ format: Format) -> Profile {
    atexit { Profile.current?.print() }
    return Profile(format)
  }

  private func print() {
    let report = ProfileReport(self)
    let text = format == .json ? report.json : report.table
    _ = text.withCString { write(2, $0, strlen($0)) }
  }

  // MARK: Counting

  /// `body`, its time under a name of its own. Not to be nested, nor put around a plan's runs.
  package static func measure<R>(_ name: String, _ body: () throws -> R) rethrows -> R {
    guard let counter = current?.counter(Work(name)) else { return try body() }
    let start = monotonicSeconds()
    defer { counter.add(monotonicSeconds() - start) }
    return try body()
  }

  /// The counter of a kind of work, shared by all plans that do it.
  func counter(_ work: Work) -> Counter {
    counters.withLock { counters in
      if let counter = counters[work] { return counter }
      let counter = Counter(work)
      counters[work] = counter
      return counter
    }
  }

  /// A plan's step, timed.
  func timing(_ step: @escaping Step, _ node: Graph.Node, inputs: [Operand]) -> Step {
    let reorders = noted.withLock { noted in
      defer { noted = (0, 0) }
      return noted
    }
    let counter = counter(
      Work(
        node.operation, inputs: inputs.map(\.shape), output: node.shape, reorders: reorders.count,
        reorderedBytes: reorders.bytes))
    return {
      let start = monotonicSeconds()
      try step()
      counter.add(monotonicSeconds() - start)
    }
  }

  /// Tells of copies into other layouts that every run of the step being compiled makes.
  static func note(reorders: Int, bytes: Int) {
    guard reorders > 0 else { return }
    current?.noted.withLock {
      $0.count += reorders
      $0.bytes += bytes
    }
  }

  // MARK: Reading

  /// Everything that ran, the longest first.
  var entries: [Counter] {
    counters.withLock { Array($0.values) }.filter { $0.total.runs > 0 }.sorted {
      let (a, b) = ($0.total.seconds, $1.total.seconds)
      return a != b ? a > b : $0.work.name < $1.work.name
    }
  }

  /// Seconds since the profile began.
  var wallSeconds: Double { monotonicSeconds() - start }

}
