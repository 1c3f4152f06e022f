import Tensors

/// The order in which training draws examples: every epoch a new permutation, epochs one after
/// another without gap. What stands at step t depends on the seed and t alone.
package struct IndexOrder: Hashable, Sendable {
  /// The number of examples.
  package let count: Int
  package let seed: UInt64

  /// - Precondition: there is at least one example.
  package init(count: Int, seed: UInt64) {
    precondition(count > 0, "an order needs an example")
    self.count = count
    self.seed = seed
  }

  /// The positions 0..<count in an epoch's order (Fisher and Yates).
  package func permutation(epoch: Int) -> [Int] {
    Self.permutation(
      count: count, seed: seed,
      stream: RandomStreams.order | UInt64(truncatingIfNeeded: epoch))
  }

  /// The positions of a step's examples.
  ///
  /// For one step after another `BatchLoader` keeps the epoch's permutation.
  package func positions(step: Int, batchSize: Int) -> [Int] {
    var cached: (epoch: Int, permutation: [Int])?
    return positions(step: step, batchSize: batchSize, cached: &cached)
  }

  func positions(
    step: Int, batchSize: Int, cached: inout (epoch: Int, permutation: [Int])?
  ) -> [Int] {
    (0..<batchSize).map { offset in
      let (epoch, position) = (step * batchSize + offset).quotientAndRemainder(dividingBy: count)
      if cached?.epoch != epoch { cached = (epoch, permutation(epoch: epoch)) }
      return cached?.permutation[position] ?? 0
    }
  }

  static func split(
    count: Int, validationShare: Double, seed: UInt64
  ) -> (training: [Int], validation: [Int]) {
    guard validationShare > 0, count > 1 else { return (Array(0..<count), []) }
    let wanted = Int((Double(count) * min(validationShare, 1)).rounded())
    let held = min(max(wanted, 1), count - 1)
    let permutation = permutation(count: count, seed: seed, stream: RandomStreams.split)
    return (permutation[held...].sorted(), permutation[..<held].sorted())
  }

  private static func permutation(count: Int, seed: UInt64, stream: UInt64) -> [Int] {
    var random = RandomSource(seed: seed, stream: stream)
    var permutation = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      permutation.swapAt(last, random.nextIndex(below: last + 1))
    }
    return permutation
  }
}

extension RandomSource {
  /// A whole number in `0..<bound`, by multiplication; the bias is below `bound` / 2^32.
  mutating func nextIndex(below bound: Int) -> Int {
    Int((UInt64(nextWord()) &* UInt64(bound)) >> 32)
  }
}
