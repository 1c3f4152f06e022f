/// Patches by the energy of their low frequencies, and the noise that those without texture have.
struct TexturelessPatches {
  /// Ascending.
  private let low: [Float]
  /// In the same order.
  private let high: [Float]
  private let isClipped: Bool

  /// Of patches without texture three tenths count, those with the least energy: the quantile as
  /// that of the standard normal distribution.
  private static let quantile: Float = -0.5244
  /// Nine tenths where clipping has taken some of the noise: the tails being gone, what a patch has
  /// less in the low frequencies it has more in the high ones, and choosing few would bias.
  private static let clippedQuantile: Float = 1.2816
  /// The share of the variance from which on the noise counts as clipped.
  private static let clippedShare: Float = 0.97
  /// Patches that count in any case, as a share of all and as a number.
  private static let leastShare = 0.0025
  private static let leastCount = 24
  /// Patches that count at most, as a share of all.
  private static let largestShare = 0.3
  private static let largestClippedShare = 1.0

  /// - Parameters:
  ///   - chosen: the patches that may count.
  ///   - share: what is left of the noise's variance in a patch, above 0.
  init(_ energies: NoisePatches.Energies, _ chosen: [Int], share: (Int) -> Float) {
    let shares = chosen.map { max(share($0), NoiseClipping.leastShare) }
    let scaled = zip(chosen, shares).map { energies.low[$0] / $1 }
    let order = scaled.indices.sorted { scaled[$0] < scaled[$1] }
    let meanShare = shares.reduce(0, +) / Float(max(shares.count, 1))
    isClipped = meanShare < Self.clippedShare
    low = order.map { scaled[$0] }
    high = order.map { energies.high[chosen[$0]] / shares[$0] }
  }

  /// The noise's variance; 0 without patches.
  func variance() -> Float {
    guard !high.isEmpty else { return 0 }
    let least = min(max(Int(Double(high.count) * Self.leastShare), Self.leastCount), high.count)
    let largestShare = isClipped ? Self.largestClippedShare : Self.largestShare
    let most = max(Int(Double(high.count) * largestShare), least)
    let quantile = isClipped ? Self.clippedQuantile : Self.quantile
    let limit = chiSquaredQuantile(normal: quantile, degrees: NoisePatches.lowCount)
    // The median of a mean of squares lies a little below 1.
    let median =
      chiSquaredQuantile(normal: 0, degrees: NoisePatches.highCount) / Float(NoisePatches.highCount)
    var count = least
    var variance: Float = 0
    for _ in 0..<8 {
      let sorted = high[..<count].sorted()
      let middle = count / 2
      variance =
        (count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2) / median
      let explained = low.partitioningIndex { $0 > limit * variance }
      let next = min(max(explained, least), most)
      if next == count { break }
      count = next
    }
    return variance
  }
}

extension [Float] {
  /// The first index whose element fulfils the condition, which holds for all after it.
  fileprivate func partitioningIndex(_ isAbove: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isAbove(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
