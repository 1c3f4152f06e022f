import Pictures
import Platform
import Tensors

/// Examples put together for a step.
package struct ExampleBatch: Sendable {
  /// The step they belong to.
  package let step: Int
  /// Which examples of the data set.
  package let indices: [Int]
  /// `[N, C, H, W]` in [0, 1].
  package let pixels: Tensor
  /// The pixels as they are observed, `[N, C, H, W]`; nil without damage.
  package let observation: Tensor?
  /// What is known of the damage, `[N, 5, H, W]` (`ConditionMaps`); nil without damage.
  package let maps: Tensor?
}

/// Delivers the batches of a training run, from any step on. A batch depends on the data set,
/// the indices, the seed, the batch size, the augmentation, the damage and its step alone.
///
/// Where pictures have to be decoded or damaged, loader threads work a bounded number of batches
/// ahead; where all are in memory and stay whole, a batch is put together on the calling thread
/// in a few microseconds.
package final class BatchLoader {
  /// The examples that are drawn from, N.
  package let count: Int
  private let assembler: BatchAssembler
  private let queues: [WorkQueue]
  private let ahead: Int
  private var pending: [Slot] = []
  private var nextStep: Int
  /// Whether a batch is nothing but pixels.
  private let isPlain: Bool

  /// - Parameters:
  ///   - indices: the examples to draw from; nil for all.
  ///   - batchSize: of the whole batch.
  ///   - share: of the batch, which is delivered.
  ///   - startStep: the first step to deliver.
  ///   - damage: what the observation of each example has suffered; nil for no observation.
  ///   - boundRows: how many examples, the first of each batch, may be hidden altogether.
  ///   - ahead: how many batches are prepared beforehand, where pictures have to be decoded or
  ///     damaged.
  ///   - threads: how many threads decode; 0, or where the system grants no more, the one that asks for
  ///     batches.
  /// - Precondition: there is at least one index, and the batch size is positive.
  package init(
    _ dataset: Dataset, indices: [Int]? = nil, batchSize: Int, share: BatchShare = .whole,
    seed: UInt64, startStep: Int = 0,
    augmentation: Augmentation = Augmentation(), damage: DamageMixture? = nil, boundRows: Int = 0,
    ahead: Int = 4, threads: Int = 1
  ) {
    precondition(batchSize > 0, "a batch holds an example")
    let indices = indices ?? Array(0..<dataset.count)
    count = indices.count
    assembler = BatchAssembler(
      dataset: dataset, indices: indices, batchSize: batchSize, share: share,
      seed: seed, augmentation: augmentation,
      damage: damage.map { BatchDamage(sampler: DamageSampler($0), boundRows: boundRows) })
    let wanted = dataset.isCached ? min(threads, damage == nil ? 0 : 1) : threads
    queues = (0..<max(0, wanted)).compactMap { _ in WorkQueue() }
    self.ahead = max(1, ahead)
    nextStep = startStep
    isPlain = damage == nil
  }

  deinit {
    for slot in pending { slot.cancel() }
  }

  /// The next step's batch.
  ///
  /// - Throws: where no picture of the data set can be decoded any more.
  package func next() throws -> ExampleBatch {
    defer { nextStep += 1 }
    guard !queues.isEmpty else { return try assembler.batch(step: nextStep) }
    while pending.count < ahead { schedule(step: nextStep + pending.count) }
    let slot = pending.removeFirst()
    schedule(step: nextStep + 1 + pending.count)
    return try slot.wait()
  }

  /// The next step's pixels, put together where they are wanted, if no batch is prepared beforehand.
  ///
  /// - Parameter pixels: `[N, C, H, W]`, as many as a batch has.
  /// - Returns: false, and nothing done, where batches are prepared, or damaged: `next()` has it
  ///   then.
  package func next(into pixels: MutablePlaneView) throws -> Bool {
    guard queues.isEmpty && isPlain else { return false }
    defer { nextStep += 1 }
    _ = try assembler.fill(pixels, step: nextStep)
    return true
  }

  private func schedule(step: Int) {
    let slot = Slot()
    pending.append(slot)
    queues[step % queues.count].add { [assembler] in
      slot.fulfill { try assembler.batch(step: step) }
    }
  }
}

/// A batch that is on its way.
private final class Slot: Sendable {
  private enum State: Sendable {
    case waiting
    case canceled
    case done(Result<ExampleBatch, any Error>)
  }

  private let state = Lock(State.waiting)

  func fulfill(_ body: () throws -> ExampleBatch) {
    let isCancelled = state.withLock { if case .canceled = $0 { true } else { false } }
    guard !isCancelled else { return }
    let result = Result(catching: body)
    state.change { $0 = .done(result) }
  }

  func cancel() { state.change { $0 = .canceled } }

  func wait() throws -> ExampleBatch {
    let result = state.wait { state -> Result<ExampleBatch, any Error>? in
      switch state {
      case .waiting: nil
      case .canceled: .failure(CancellationError())
      case .done(let result): result
      }
    }
    return try result.get()
  }
}
