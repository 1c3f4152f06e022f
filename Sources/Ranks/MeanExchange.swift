import CMPI

/// Replaces numbers by their means over all ranks, bucket by bucket, while the process does other things.
///
/// Every rank gets its share of a bucket from all others, sums them in the order of ranks, and sends the
/// result to all: as much to send as any way takes, and the same bits whatever library does it.
package final class MeanExchange {
  /// The means of a range of the numbers, on their way.
  final class Bucket {
    fileprivate let range: Range<Int>
    /// Of each rank's share, in elements; the offsets from the first of all numbers.
    fileprivate let counts: UnsafeMutablePointer<Int32>
    fileprivate let offsets: UnsafeMutablePointer<Int32>
    /// Of this rank's share as each rank has it.
    fileprivate let partCounts: UnsafeMutablePointer<Int32>
    fileprivate let partOffsets: UnsafeMutablePointer<Int32>
    fileprivate let parts: UnsafeMutablePointer<Float>
    fileprivate let share: Range<Int>
    fileprivate var scatter: OpaquePointer?
    fileprivate var collect: OpaquePointer?
    fileprivate var state = State.waiting

    fileprivate enum State {
      case waiting, scattering, summed, collecting, done
    }

    fileprivate init(_ range: Range<Int>, _ ranks: Ranks) {
      self.range = range
      let count = ranks.count
      func bound(_ rank: Int) -> Int { range.lowerBound + range.count * rank / count }
      share = bound(ranks.rank)..<bound(ranks.rank + 1)
      counts = .allocate(capacity: count)
      offsets = .allocate(capacity: count)
      partCounts = .allocate(capacity: count)
      partOffsets = .allocate(capacity: count)
      parts = .allocate(capacity: max(1, share.count * count))
      for rank in 0..<count {
        counts[rank] = Int32(bound(rank + 1) - bound(rank))
        offsets[rank] = Int32(bound(rank) - range.lowerBound)
        partCounts[rank] = Int32(share.count)
        partOffsets[rank] = Int32(rank * share.count)
      }
    }

    deinit {
      counts.deallocate()
      offsets.deallocate()
      partCounts.deallocate()
      partOffsets.deallocate()
      parts.deallocate()
    }
  }

  private let ranks: Ranks
  private let values: UnsafeMutablePointer<Float>
  let buckets: [Bucket]
  /// In the order in which they were begun, which is the same on all ranks.
  private var begun: [Bucket] = []

  /// - Parameters:
  ///   - values: outlives the exchange.
  ///   - buckets: ranges without overlap, the same on all ranks.
  package init(_ ranks: Ranks, _ values: UnsafeMutablePointer<Float>, buckets: [Range<Int>]) {
    self.ranks = ranks
    self.values = values
    self.buckets = buckets.map { Bucket($0, ranks) }
  }

  /// Elements of a bucket at most: 4 MiB.
  private static let largest = 1 << 20

  /// Ranges that cover so many elements.
  static func ranges(_ count: Int) -> [Range<Int>] {
    stride(from: 0, to: count, by: largest).map { $0..<min($0 + largest, count) }
  }

  /// Sends a bucket on its way, whose numbers are final on this rank.
  package func begin(_ index: Int) throws(RanksError) { try begin(buckets[index]) }

  func begin(_ bucket: Bucket) throws(RanksError) {
    bucket.scatter = try ranks.begin {
      cmpi_scatter(
        values + bucket.range.lowerBound, bucket.counts, bucket.offsets, bucket.parts,
        bucket.partCounts, bucket.partOffsets, $0)
    }
    bucket.state = .scattering
    begun.append(bucket)
    try advance()
  }

  /// Lets what is under way come further. To be called often.
  package func advance() throws(RanksError) {
    for bucket in begun {
      if bucket.state == .scattering, let scatter = bucket.scatter, try ranks.isDone(scatter) {
        cmpi_mean(
          bucket.parts, Int32(ranks.count), bucket.share.count, values + bucket.share.lowerBound)
        bucket.state = .summed
      } else if bucket.state == .collecting, let collect = bucket.collect,
        try ranks.isDone(collect)
      {
        bucket.state = .done
      }
    }
    // What is collected matches by its order: a bucket waits for those begun before it.
    for bucket in begun {
      if bucket.state == .scattering { break }
      guard bucket.state == .summed else { continue }
      bucket.collect = try ranks.begin {
        cmpi_collect(
          values + bucket.range.lowerBound, bucket.counts, bucket.offsets, $0)
      }
      bucket.state = .collecting
    }
    begun.removeAll { $0.state == .done }
  }

  /// Waits until all that was begun has its means.
  package func finish() throws(RanksError) {
    try ranks.wait { () throws(RanksError) in
      try advance()
      return begun.isEmpty
    }
  }
}

/// Which buckets of gradients are final after which step of a backward pass.
package struct BucketSchedule: Hashable, Sendable {
  /// Ranges of the flat buffer, in the order in which they become final.
  package let ranges: [Range<Int>]
  /// After which step each does.
  package let steps: [Int]

  /// - Parameters:
  ///   - slots: of the flat buffer, in its order and without gap: each with the step after which it is final.
  ///   - count: elements of the buffer.
  package init(_ slots: [(range: Range<Int>, step: Int)], count: Int) {
    // Small enough that the first go early, large enough that a message is worth its while.
    let target = min(max(count / 8, 1 << 16), 1 << 20)
    var buckets: [(range: Range<Int>, step: Int)] = []
    for slot in slots.reversed() {
      if let last = buckets.last, last.range.count < target {
        buckets[buckets.count - 1] = (
          slot.range.lowerBound..<last.range.upperBound, max(last.step, slot.step)
        )
      } else {
        buckets.append(slot)
      }
    }
    buckets.sort { ($0.step, $1.range.lowerBound) < ($1.step, $0.range.lowerBound) }
    ranges = buckets.map(\.range)
    steps = buckets.map(\.step)
  }
}
