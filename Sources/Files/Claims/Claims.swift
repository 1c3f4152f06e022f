import Platform

/// Lets processes on any number of machines share the results of one folder, each made by one of them.
///
/// Who takes a result upon itself makes the file `.NAME.claim` beside it, exclusively (link(2), or O_EXCL where
/// there are no links), with its host, process and time in it, and touches it while it works. A claim is stale
/// when its process is known to have ended (on the same machine) or when it has not been touched for the timeout.
///
/// Taking over a stale claim does not remove it, as two processes that both found it stale would each remove
/// what the other has just made. It makes the *next* one, `.NAME.claim.1`, `.NAME.claim.2` and so on, exclusively too: who
/// owns the last of a chain owns the result. Three rules make that safe, whichever process ends when:
///
/// 1. Claims are removed only when the result, or the mark of its failure `.NAME.failed`, is there to be seen.
/// 2. A claim of a chain is made only when the one before it was found stale.
/// 3. Who has made a claim looks once more whether the result is there, and leaves it then: it may have been finished,
///    and its claims removed, since it was looked for first.
///
/// A process that stands still for longer than the timeout and wakes up finds the next claim
/// (`Claim.isOurs`) and drops its work.
///
/// The age of a claim is the difference of two times of the file server's, its own and that of a file just made, so that
/// clocks of machines need not agree.
package final class Claims: Sendable {
  /// In seconds.
  package let timeout: Double
  private let renewal: ClaimRenewal

  /// - Parameter timeout: how long a claim of a process elsewhere stands without a sign of life, in seconds.
  package init(timeout: Double) {
    self.timeout = timeout
    renewal = ClaimRenewal(every: timeout / 6)
  }

  package enum Outcome {
    case taken(Claim)
    /// Another process works on it.
    case held(ClaimState)
    /// What was to be done was done meanwhile.
    case finished
  }

  /// Takes a result upon this process, where no other has.
  ///
  /// - Parameters:
  ///   - result: its path; the folder is there.
  ///   - isFinished: whether nothing is to be done for it any more; asked when the claim is made.
  /// - Throws: `FileError` of kind `cannotCreate` where no claim can be made.
  package func take(
    _ result: String, isFinished: () -> Bool
  ) throws(FileError) -> Outcome {
    var generation = 0
    var vanished = 0
    while true {
      let path = ClaimNames.claim(of: result, generation)
      let (isMade, now) = try make(path)
      if isMade {
        guard !isFinished() else {
          ClaimNames.removeClaims(of: result, atLeast: generation)
          return .finished
        }
        return .taken(Claim(result: result, generation: generation, renewal: renewal))
      }
      guard let state = ClaimState(path, now: now) else {
        // Removed since: as a rule because the result is there now.
        if isFinished() { return .finished }
        vanished += 1
        guard vanished < 100 else {
          throw FileError(
            kind: .cannotCreate, path: path,
            message: "expected a claim that can be made or read, found neither")
        }
        generation = 0
        continue
      }
      guard state.isStale(timeout) else { return .held(state) }
      generation += 1
    }
  }

  /// - Returns: whether the file was made, and the file server's time.
  private func make(_ path: String) throws(FileError) -> (isMade: Bool, now: Double) {
    let temporary = try TemporaryFiles.create(beside: path, for: path, isPrivate: false)
    var status = stat()
    defer {
      close(temporary.descriptor)
      unlink(temporary.name.systemPath)
    }
    let content = ClaimState.content(timeout: timeout)
    try FileOutput(descriptor: temporary.descriptor, name: path).write(content)
    guard fstat(temporary.descriptor, &status) == 0 else {
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
    let now = seconds(modificationTime(status))
    switch ExclusiveLink.make(from: temporary.name, to: path) {
    case .made: return (true, now)
    case .exists: return (false, now)
    case .failed(let code): throw FileError(kind: .cannotCreate, path: path, errno: code)
    case .unsupported: break
    }
    let descriptor = open(path.systemPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      if errno == EEXIST { return (false, now) }
      throw FileError(kind: .cannotCreate, path: path, errno: errno)
    }
    defer { close(descriptor) }
    try FileOutput(descriptor: descriptor, name: path).write(content)
    return (true, now)
  }

  /// What the last claim of a result says; nil where there is none.
  ///
  /// - Parameter now: the file server's time, as `serverTime` gives it.
  package static func state(of result: String, now: Double) -> ClaimState? {
    var last: ClaimState?
    var generation = 0
    while let state = ClaimState(ClaimNames.claim(of: result, generation), now: now) {
      last = state
      generation += 1
    }
    last?.generation = max(0, generation - 1)
    return last
  }

  /// The time in a folder by the clock that files there get theirs from.
  ///
  /// - Throws: `FileError` of kind `cannotCreate`.
  package static func serverTime(in folder: String) throws(FileError) -> Double {
    let temporary = try TemporaryFiles.create(
      beside: Paths.joined(folder, "x"), for: folder.isEmpty ? "." : folder, isPrivate: true)
    defer {
      close(temporary.descriptor)
      unlink(temporary.name.systemPath)
    }
    var status = stat()
    guard fstat(temporary.descriptor, &status) == 0 else {
      throw FileError(kind: .cannotCreate, path: folder, errno: errno)
    }
    return seconds(modificationTime(status))
  }

  /// Removes what killed processes left beside results that are all there, and unfinished files.
  ///
  /// - Parameter finished: results that are there.
  package func sweep(_ finished: [String], now: Double) {
    for result in finished where Paths.exists(ClaimNames.claim(of: result, 0)) {
      ClaimNames.removeClaims(of: result, atLeast: 0)
    }
    for folder in Set(finished.map { Paths.folder($0) }) {
      TemporaryFiles.removeAbandoned(in: folder, olderThan: max(timeout, 1), now: now)
    }
  }
}

/// The mark of a result that could not be made: why, for all to see.
package enum FailureMark {
  /// - Throws: `FileError` of kind `cannotCreate` or `inputOutput`.
  package static func write(_ message: String, for result: String) throws(FileError) {
    try AtomicFile.write(Array((message + "\n").utf8), to: ClaimNames.failure(of: result))
  }

  /// Why a result could not be made, and when that was found, by the file server's clock; nil without a mark.
  package static func read(_ result: String) -> (message: String, time: Double)? {
    let path = ClaimNames.failure(of: result)
    var status = stat()
    guard stat(path.systemPath, &status) == 0,
      let bytes = try? FileReader.readFile(path, limit: 1 << 16)
    else {
      return nil
    }
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first ?? ""
    return (String(line), seconds(modificationTime(status)))
  }

  package static func remove(for result: String) {
    unlink(ClaimNames.failure(of: result).systemPath)
  }
}
