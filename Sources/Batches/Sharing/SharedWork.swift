import Files
import Platform

/// The pictures of a batch as several processes share them: see `Claims`.
package final class SharedWork {
  /// The results of each picture, by its place in the batch; none where it has no name to give them.
  private let results: [[String]]
  private let claims: Claims
  private let retriesFailed: Bool
  /// The file server's time when the work began.
  private let start: Double
  /// The picture that is worked on.
  private var current: Claim?

  /// - Parameters:
  ///   - results: paths, of each picture.
  ///   - description: of what is done to the pictures, for the list of the work.
  /// - Throws: `BatchError` where others do something else in the folder; `FileError`.
  package init(
    _ results: [[String]], in folder: String, description: String, _ sharing: Sharing
  ) throws {
    self.results = results
    retriesFailed = sharing.retriesFailed
    claims = Claims(timeout: sharing.timeout)
    for folder in Set(results.compactMap { $0.first.map { Paths.folder($0) } }) {
      try Paths.makeFolder(folder)
    }
    start = try Claims.serverTime(in: folder)
    try WorkList(description: description, results: results, in: folder).publish(
      in: folder, timeout: claims.timeout, now: start)
  }

  /// Whether nothing is to be done for a picture any more.
  func isFinished(_ index: Int) -> Bool { areResultsThere(index) || hasFailed(index) }

  func areResultsThere(_ index: Int) -> Bool {
    !results[index].isEmpty && results[index].allSatisfy { Paths.exists($0) }
  }

  private func hasFailed(_ index: Int) -> Bool {
    guard let first = results[index].first, let mark = FailureMark.read(first) else { return false }
    return !retriesFailed || mark.time >= start
  }

  enum Turn {
    case taken
    case held(ClaimState)
    case finished
  }

  /// Takes a picture upon this process. One without a name for its result is everyone's.
  func take(_ index: Int) throws -> Turn {
    guard let first = results[index].first else { return .taken }
    switch try claims.take(first, isFinished: { isFinished(index) }) {
    case .taken(let claim):
      current = claim
      return .taken
    case .held(let state): return .held(state)
    case .finished: return .finished
    }
  }

  /// To be called before a result is written.
  ///
  /// - Throws: `TakenOver`.
  package func checkClaim() throws {
    if let current, !current.isOurs { throw TakenOver() }
  }

  /// Another process took the picture over.
  struct TakenOver: Error {}

  /// The results are there.
  func finish() {
    if let current {
      FailureMark.remove(for: current.result)
      current.finish()
    }
    current = nil
  }

  /// The picture cannot be done, by whomever.
  func fail(_ message: String) throws {
    if let current {
      try FailureMark.write(message, for: current.result)
      current.finish()
    }
    current = nil
  }

  /// The picture is for others to take.
  func release() {
    current?.release()
    current = nil
  }

  /// Lets others work for a while.
  func wait() { usleep(UInt32(min(claims.timeout / 4, 2) * 1e6)) }

  /// A number that differs from process to process.
  static var startingPlace: Int {
    let own = ProcessIdentity.own
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(own.host) \(own.kernel) \(own.process)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return Int(hash >> 34)
  }

  /// Removes what killed processes left.
  func sweep() {
    let done = results.indices.filter { areResultsThere($0) }.compactMap { results[$0].first }
    guard let first = done.first,
      let now = try? Claims.serverTime(in: Paths.folder(first))
    else { return }
    claims.sweep(done, now: now)
  }
}
