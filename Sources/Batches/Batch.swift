/// Works through many pictures: one that fails is reported, and the others are done.
package struct Batch {
  private let reporter: any BatchReporter
  private var outcome = BatchOutcome()
  private var passedOver = 0
  /// What is still being done for a picture whose turn is over.
  private var unfinished: (name: String, wait: Rest)?

  /// Waits until all is done for a picture, such as writing its result on another thread.
  package typealias Rest = () throws -> Void

  private init(_ reporter: any BatchReporter) { self.reporter = reporter }

  /// Runs `body` for each input in turn, and for those that follow them in a pipe.
  ///
  /// - Parameters:
  ///   - part: of the inputs, where not all are this process's.
  ///   - isDone: tells which inputs are passed over, which is told in the end. An index is an
  ///     input's place among all.
  /// - Returns: which inputs failed.
  /// - Throws: what is no fault of an input, at once.
  package static func forEach(
    _ inputs: [PictureInput], part: Part? = nil,
    except isDone: (Int, PictureInput) -> Bool = { _, _ in false },
    reporter: any BatchReporter,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws -> BatchOutcome {
    try overlap(inputs, part: part, except: isDone, reporter: reporter) { index, input in
      try body(index, input)
      return nil
    }
  }

  /// As `forEach`, with something left to be done for a picture while the next one has its turn.
  ///
  /// - Parameter body: what it leaves to be done is waited for when the next picture's turn is over, and before
  ///   anything is thrown.
  package static func overlap(
    _ inputs: [PictureInput], part: Part? = nil,
    except isDone: (Int, PictureInput) -> Bool = { _, _ in false },
    reporter: any BatchReporter,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Rest?
  ) throws -> BatchOutcome {
    let areDone = inputs.enumerated().map { isDone($0, $1) }
    let isPiped = inputs.contains(where: \.isPiped)
    let isOurs = { (index: Int) in part?.contains(index) ?? true }
    let total = isPiped ? nil : areDone.indices.count { isOurs($0) && !areDone[$0] }
    if let part {
      let count = isPiped ? nil : inputs.indices.count(where: isOurs)
      reporter.report(.part(part, count: count, of: inputs.count))
    }
    var batch = Batch(reporter)
    reporter.report(.begins(total: total))
    var index = 0
    var others = 0
    for (first, isFirstDone) in zip(inputs, areDone) {
      var next: PictureInput? = first
      var isPassedOver = isFirstDone
      while let input = next {
        if !isOurs(index) {
          others += 1
        } else if isPassedOver {
          batch.passedOver += 1
        } else {
          try batch.attempt(input.name, of: total) { try body(index, input) }
        }
        index += 1
        next = input.following()
        isPassedOver = next.map { isDone(index, $0) } ?? false
      }
    }
    try batch.settle()
    reporter.report(.ends)
    if batch.passedOver > 0 { reporter.report(.skipped(batch.passedOver, of: index - others)) }
    return batch.outcome
  }

  private mutating func attempt(
    _ name: String, of total: Int?, _ body: () throws -> Rest?
  ) throws {
    reporter.report(.turn(name: name, done: done, total: total))
    let result = Result(catching: body)
    try settle()
    switch result {
    case .success(let rest?): unfinished = (name, rest)
    case .success(nil): outcome.succeeded += 1
    case .failure(let error): try take(error, reporter.judge(error, in: name), name)
    }
  }

  /// Waits for what is still being done.
  ///
  /// - Throws: as `take`.
  private mutating func settle() throws {
    guard let (name, wait) = unfinished else { return }
    unfinished = nil
    do {
      try wait()
      outcome.succeeded += 1
    } catch {
      try take(error, reporter.judge(error, in: name), name)
    }
  }

  /// Pictures whose turn is over.
  private var done: Int {
    outcome.succeeded + outcome.errors.count + (unfinished == nil ? 0 : 1)
  }

  /// - Throws: the error where it is no fault of the input.
  private mutating func take(_ error: any Error, _ fault: BatchFault, _ name: String) throws {
    guard fault.isAboutPicture else {
      reporter.report(.ends)
      throw error
    }
    reporter.report(.failure(name: name, message: fault.message))
    outcome.errors.append(error)
  }
}

// MARK: - Several processes

extension Batch {
  /// Runs `body` for each input that no other process does, until all are done by someone.
  ///
  /// - Parameters:
  ///   - part: of the inputs, where not all are this process's and its fellows'.
  ///   - work: says whose turn each is.
  /// - Returns, throws: as without sharing.
  package static func forEach(
    _ inputs: [PictureInput], part: Part?, sharing work: SharedWork, reporter: any BatchReporter,
    _ body: (_ index: Int, _ input: PictureInput) throws -> Void
  ) throws -> BatchOutcome {
    if let piped = inputs.first(where: \.isPiped) {
      throw BatchProblem.sharedStream(name: piped.name)
    }
    let chosen = inputs.indices.filter { part?.contains($0) ?? true }
    if let part { reporter.report(.part(part, count: chosen.count, of: inputs.count)) }
    // Each begins elsewhere, so that they do not all try the same pictures first.
    let offset = chosen.isEmpty ? 0 : SharedWork.startingPlace % chosen.count
    var remaining = Array(chosen[offset...] + chosen[..<offset])
    let total = remaining.count
    var batch = Batch(reporter)
    reporter.report(.begins(total: total))
    var isWaiting = false
    while !remaining.isEmpty {
      var held: [Int] = []
      var hasWorked = false
      for index in remaining {
        switch work.isFinished(index) ? .finished : try work.take(index) {
        case .finished: batch.passedOver += 1
        case .held: held.append(index)
        case .taken:
          hasWorked = true
          try batch.attempt(inputs[index].name, of: total, work) { try body(index, inputs[index]) }
        }
      }
      remaining = held
      if hasWorked || remaining.isEmpty { continue }
      if !isWaiting {
        reporter.report(.waiting(count: remaining.count))
        isWaiting = true
      }
      work.wait()
    }
    reporter.report(.ends)
    work.sweep()
    if batch.passedOver > 0 {
      reporter.report(
        .shared(own: batch.outcome.succeeded, others: batch.passedOver, of: chosen.count))
    }
    return batch.outcome
  }

  private mutating func attempt(
    _ name: String, of total: Int?, _ work: SharedWork, _ body: () throws -> Void
  ) throws {
    reporter.report(.turn(name: name, done: done, total: total))
    do {
      try body()
      work.finish()
      outcome.succeeded += 1
    } catch is SharedWork.TakenOver {
      work.release()
      reporter.report(.takenOver(name: name))
      passedOver += 1
    } catch {
      let fault = reporter.judge(error, in: name)
      // Another disk or another moment may do better by other failures.
      if fault.isFinal { try work.fail(fault.message) } else { work.release() }
      try take(error, fault, name)
    }
  }
}
