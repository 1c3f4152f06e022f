import Tensors

/// The standard deviation of white Gaussian noise on a picture, from the picture alone.
///
/// Ponomarenko, Lukin, Zriakhov, Kaarna and Astola 2007: of patches of 8x8 samples those with the
/// least energy in the low frequencies of their cosine transform hold no texture, and their high
/// frequencies are noise. As white noise is independent from one coefficient to another,
/// choosing by the former does not bias the latter. How many patches count is settled as in Liu,
/// Tanaka and Okutomi 2013: all that noise of the level found so far explains. The formulas are in
/// Documentation/method.md.
///
/// Noise that is correlated from pixel to pixel is underestimated.
package enum NoiseEstimate {
  /// The noise of every channel, and how the channels share it.
  ///
  /// A picture whose samples all lie in [0, 1] and reach an end of it counts as clipped: patches
  /// whose mean is within a standard deviation of black or white are left out where others
  /// remain, and what clipping took from the rest is made up for.
  ///
  /// Patches of one value all over were drawn, or are bars and boxes beside the picture: they are left
  /// out, and where most are such there is no noise. Samples in [0, 1] deviate by at most 1/2.
  ///
  /// - Parameter picture: `[C, H, W]`.
  /// - Returns: on the picture's own scale; 0 where there is nothing to compare.
  package static func level(of picture: Tensor) -> NoiseLevel {
    let basis = NoiseBasis(channels: picture.shape[0])
    guard min(picture.shape[1], picture.shape[2]) >= NoisePatches.side else {
      return basis.level(variances: SmallPictureNoise.variances(picture, basis: basis))
    }
    let patches = NoisePatches(picture, basis: basis)
    let isClipped = Self.isClipped(picture)
    let varied = patches.varied
    guard 2 * varied.count > patches.count else { return NoiseLevel(luma: 0) }
    let usable = isClipped ? patches.notWhollyClipped(of: varied) : varied
    var variances = patches.energies.map { energies in
      TexturelessPatches(energies, usable) { _ in 1 }.variance()
    }
    guard isClipped else { return basis.level(variances: variances) }
    variances = variances.map { min($0, 0.25) }
    for _ in 0..<8 {
      let sum = variances.reduce(0, +)
      let deviation = (sum / Float(variances.count)).squareRoot()
      let clipping = NoiseClipping(deviation: deviation)
      let inside = usable.filter { patch in
        patches.means.allSatisfy { (deviation...max(1 - deviation, deviation)) ~= $0[patch] }
      }
      let chosen = inside.count >= max(32, usable.count / 50) ? inside : usable
      variances = zip(patches.energies, basis.axes).map { energies, axis in
        TexturelessPatches(energies, chosen) { patch -> Float in
          var share: Float = 0
          for (channel, weight) in axis.enumerated() {
            share += weight * weight * clipping.share(mean: patches.means[channel][patch])
          }
          return share
        }.variance()
      }.map { min($0, 0.25) }
      if abs(variances.reduce(0, +) - sum) <= 1e-3 * sum { break }
    }
    return basis.level(variances: variances)
  }

  /// The root mean square over the channels of the noise's standard deviation.
  ///
  /// - Parameter picture: `[C, H, W]`.
  /// - Returns: on the picture's own scale; 0 where there is nothing to compare.
  package static func deviation(_ picture: Tensor) -> Float {
    let level = level(of: picture)
    return picture.shape[0] == 3 ? level.perChannel : level.luma
  }

  private static func isClipped(_ picture: Tensor) -> Bool {
    var (least, largest) = (Float.infinity, -Float.infinity)
    for sample in picture.elements {
      least = min(least, sample)
      largest = max(largest, sample)
    }
    return least >= 0 && largest <= 1 && (least == 0 || largest == 1)
  }
}

extension NoisePatches {
  /// The patches that are not of one value all over.
  fileprivate var varied: [Int] {
    (0..<count).filter { patch in
      energies.contains { $0.low[patch] + $0.high[patch] > Self.leastEnergy }
    }
  }

  /// What rounding leaves of a patch of one value.
  private static let leastEnergy: Float = 1e-9

  /// Those of the patches that are more than black or white; all where there are no others.
  fileprivate func notWhollyClipped(of patches: [Int]) -> [Int] {
    let some = patches.filter { patch in
      !means.allSatisfy { $0[patch] <= 0 || $0[patch] >= 1 }
    }
    return some.isEmpty ? patches : some
  }
}
