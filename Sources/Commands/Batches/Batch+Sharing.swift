import Files
import Platform

extension Batch {
  /// Runs `body` for each input that no other process does, until all are done by someone.
  ///
  /// - Parameters:
  ///   - part: of the inputs, where not all are this process's and its fellows'.
  ///   - work: says whose turn each is.
  /// - Returns, throws: as without sharing.
  static func forEach(
    _ inputs: [PictureInput], part: Part?, sharing work: SharedWork,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws -> BatchOutcome {
    if let piped = inputs.first(where: \.isPiped) {
      throw Failure(
        .usage,
        "\(piped.name): expected files with --claim, found a stream, which processes cannot share; use "
          + "--part 3/16")
    }
    let chosen = inputs.indices.filter { part?.contains($0) ?? true }
    if let part { tell(part, chosen.count, of: inputs.count) }
    // Each begins elsewhere, so that they do not all try the same pictures first.
    let offset = chosen.isEmpty ? 0 : startingPlace % chosen.count
    var remaining = Array(chosen[offset...] + chosen[..<offset])
    var batch = Batch(total: remaining.count, showsProgress: StandardError.isTerminal)
    var isWaiting = false
    while !remaining.isEmpty {
      var held: [Int] = []
      var hasWorked = false
      for index in remaining {
        if work.isFinished(index) {
          batch.passOver()
          continue
        }
        switch try work.take(index) {
        case .finished: batch.passOver()
        case .held: held.append(index)
        case .taken:
          hasWorked = true
          batch.show(inputs[index].name)
          try batch.attempt(inputs[index], work) { try body(index, inputs[index]) }
        }
      }
      remaining = held
      if hasWorked || remaining.isEmpty { continue }
      if !isWaiting {
        batch.erase()
        StandardError.report("waiting for \(grouped(remaining.count)) that others work on")
        isWaiting = true
      }
      usleep(UInt32(work.patience * 1e6))
    }
    batch.erase()
    work.sweep()
    if batch.passedOver > 0 {
      StandardError.report(
        "\(grouped(batch.succeeded)) of \(grouped(chosen.count)) done here, "
          + "\(grouped(batch.passedOver)) by others or before")
    }
    return BatchOutcome(failure: batch.failure)
  }

  /// A number that differs from process to process.
  private static var startingPlace: Int {
    let own = ProcessIdentity.own
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in "\(own.host) \(own.kernel) \(own.process)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return Int(hash >> 34)
  }

  private mutating func attempt(
    _ input: PictureInput, _ work: SharedWork, _ body: () throws -> Void
  ) throws {
    do {
      try body()
      work.finish()
      succeeded += 1
    } catch is SharedWork.TakenOver {
      work.release()
      StandardError.report(
        "\(input.name): left to another process, which took it over while this one stood still")
      passOver()
    } catch {
      let failure = Failure(error)
      let isFinal = failure.kind == .badData || failure.kind == .noInput
      // Another disk or another moment may do better by other failures.
      if isFinal { try work.fail(failure.description) } else { work.release() }
      try report(failure, input.name)
    }
  }
}
