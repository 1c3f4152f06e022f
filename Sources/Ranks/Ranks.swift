import CMPI
import Platform

/// The processes that train one model together, each of which has a rank: this one among them.
///
/// All methods that speak of all ranks are called by all of them, in the same order, from the thread that
/// started them.
package final class Ranks {
  /// From 0.
  package let rank: Int
  package let count: Int
  /// Called once while this process waits for others although it is asked to stop: they may be gone.
  package var whenInDoubt: (() -> Void)?

  /// The first rank validates, logs and writes files.
  package var isFirst: Bool { rank == 0 }

  /// "Open MPI" or "MPICH"; nil where the program was built without.
  package static var implementation: String? { cmpi_library().map { String(cString: $0) } }

  private init(rank: Int, count: Int) {
    self.rank = rank
    self.count = count
  }

  /// Joins the processes that a launcher such as `mpirun` started together.
  ///
  /// - Returns: nil where this process was started alone.
  /// - Throws: `RanksError` where they cannot be joined.
  package static func start() throws(RanksError) -> Ranks? {
    let variables = Environment.launcher
    let said = (variables["OMPI_COMM_WORLD_SIZE"] ?? variables["PMI_SIZE"]).flatMap { Int($0) }
    guard said.map({ $0 > 1 }) ?? (variables["PMIX_RANK"] != nil) else { return nil }
    guard implementation != nil else {
      if let said { throw .notCompiledIn(said) }
      return nil
    }
    var (rank, count): (Int32, Int32) = (0, 1)
    try Self.check { cmpi_start(&rank, &count, $0) }
    if let said, said != Int(count) {
      cmpi_finish()
      throw .otherLibrary(said, found: Int(count))
    }
    if count == 1 {
      cmpi_finish()
      return nil
    }
    return Ranks(rank: Int(rank), count: Int(count))
  }

  /// Leaves the others, and waits until they leave: for the first rank, patiently.
  package func finish() {
    _ = try? broadcast([0])
    cmpi_finish()
  }

  /// Ends all ranks at once.
  package static func abort(_ code: Int32) { cmpi_abort(code) }

  /// Runs `body` on all ranks; where it fails on one, none goes on.
  ///
  /// - Parameters:
  ///   - code: of an error, not 0: what the other ranks are told.
  ///   - body: waits for no other rank.
  /// - Throws: what `body` throws, on the first rank where it does; `RanksError.failedElsewhere` on the others.
  package func together<Result>(
    code: (any Error) -> Int32, _ body: () throws -> Result
  ) throws -> Result {
    let outcome = Swift.Result(catching: body)
    var own = 0.0
    if case .failure(let error) = outcome { own = Double(code(error)) }
    let codes = try gather([own])
    guard let failed = codes.firstIndex(where: { $0[0] != 0 }) else { return try outcome.get() }
    if failed == rank { return try outcome.get() }
    throw RanksError.failedElsewhere(rank: failed, code: Int32(codes[failed][0]))
  }

  /// Numbers of every rank, in the order of ranks.
  package func gather(_ values: [Double]) throws(RanksError) -> [[Double]] {
    let all = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count * count)
    let own = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count)
    defer {
      all.deallocate()
      own.deallocate()
    }
    _ = own.initialize(from: values)
    try wait(
      begin { cmpi_gather(own.baseAddress, Int32(values.count), all.baseAddress, $0) })
    return (0..<count).map { Array(all[$0 * values.count..<($0 + 1) * values.count]) }
  }

  /// The first rank's bytes, into everyone's memory.
  package func broadcast(_ bytes: UnsafeMutableRawBufferPointer) throws(RanksError) {
    let piece = 1 << 28
    for start in stride(from: 0, to: bytes.count, by: piece) {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: bytes[start..<min(start + piece, bytes.count)])
      try wait(begin { cmpi_broadcast(part.baseAddress, part.count, $0) })
    }
  }

  /// The first rank's numbers.
  package func broadcast(_ values: [Double]) throws(RanksError) -> [Double] {
    let memory = UnsafeMutableBufferPointer<Double>.allocate(capacity: values.count)
    defer { memory.deallocate() }
    _ = memory.initialize(from: values)
    try broadcast(UnsafeMutableRawBufferPointer(memory))
    return Array(memory)
  }

  /// The first rank's text.
  package func broadcast(_ text: String) throws(RanksError) -> String {
    let length = Int(try broadcast([Double(text.utf8.count)])[0])
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
    defer { memory.deallocate() }
    if isFirst { memory.copyBytes(from: text.utf8) }
    try broadcast(memory)
    return String(decoding: memory, as: UTF8.self)
  }

  /// Replaces numbers by their means over all ranks.
  package func average(_ values: UnsafeMutableBufferPointer<Float>) throws(RanksError) {
    guard let start = values.baseAddress else { return }
    let exchange = MeanExchange(self, start, buckets: MeanExchange.ranges(values.count))
    for bucket in exchange.buckets { try exchange.begin(bucket) }
    try exchange.finish()
  }

  // MARK: Requests

  func begin(
    _ body: (UnsafeMutablePointer<CChar>) -> OpaquePointer?
  ) throws(RanksError) -> OpaquePointer {
    var request: OpaquePointer?
    try Self.check { message in
      request = body(message)
      return request != nil
    }
    guard let request else { throw .broken("nothing begun") }
    return request
  }

  func isDone(_ request: OpaquePointer) throws(RanksError) -> Bool {
    var isDone = false
    try Self.check { cmpi_test(request, &isDone, $0) }
    return isDone
  }

  func wait(_ request: OpaquePointer) throws(RanksError) {
    try wait { () throws(RanksError) in try isDone(request) }
  }

  /// Waits until something is so.
  func wait(_ isOver: () throws(RanksError) -> Bool) throws(RanksError) {
    var patience = Patience()
    while try !isOver() {
      if patience.isInDoubt, let whenInDoubt {
        self.whenInDoubt = nil
        whenInDoubt()
      }
      if patience.isOver { throw .lost }
      patience.pause()
    }
  }

  private static func check(
    _ body: (UnsafeMutablePointer<CChar>) -> Bool
  ) throws(RanksError) {
    let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(cmpi_message_size))
    defer { message.deallocate() }
    message.initialize(repeating: 0, count: Int(cmpi_message_size))
    if !body(message) { throw .broken(String(cString: message)) }
  }
}

/// How a process waits for others: at first without giving its core away, as most waits are short.
private struct Patience {
  private var turns = 0
  private var start = 0.0
  /// When it was found that the process is asked to stop.
  private var stop: Double?

  mutating func pause() {
    turns += 1
    if turns < 2000 { return }
    if turns == 2000 { start = monotonicSeconds() }
    let now = monotonicSeconds()
    if Interruption.isRequested && stop == nil { stop = now }
    if now - start > 0.05 { usleep(200) } else { sched_yield() }
  }

  /// A launcher asks all processes to stop when one is lost, and soon ends them.
  var isInDoubt: Bool { stop.map { monotonicSeconds() - $0 > 0.1 } ?? false }

  var isOver: Bool { stop.map { monotonicSeconds() - $0 > 600 } ?? false }
}

/// Why processes cannot train together.
package enum RanksError: Error, Hashable, Sendable {
  /// A launcher started so many, and the program was built without MPI.
  case notCompiledIn(Int)
  /// A launcher started so many, of which the library sees but `found`: it is another one's.
  case otherLibrary(Int, found: Int)
  /// What the library reports.
  case broken(String)
  /// Another rank does not answer.
  case lost
  /// Another rank has failed and told why.
  case failedElsewhere(rank: Int, code: Int32)
}
