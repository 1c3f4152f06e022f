import Pictures
import Tensors

/// What is wanted of every picture that is restored.
package struct WantedResults: Hashable, Sendable {
  /// So many plausible results that differ in the place of the best estimate; nil for that.
  package var samples: Int?
  /// Whether the standard deviation of every pixel over the samples is wanted.
  package var deviation: Bool
  /// In how many ways the picture is turned and mirrored before the mean is taken.
  package var ensemble: SelfEnsemble?
  /// Bits per sample of results that are rounded, 8 or 16; nil for the picture's own.
  package var depth: Int?
  /// Of all that is drawn.
  package var seed: UInt64

  package init(
    samples: Int? = nil, deviation: Bool = false, ensemble: SelfEnsemble? = nil,
    depth: Int? = nil, seed: UInt64 = 0
  ) {
    self.samples = samples
    self.deviation = deviation
    self.ensemble = ensemble
    self.depth = depth
    self.seed = seed
  }

  /// Samples that are drawn where only their deviation is wanted.
  package static let samplesOfDeviation = 16

  /// How many results a picture has.
  package var count: Int { samples ?? 1 }
}

/// What became of a picture.
public struct RestoredPicture: Sendable {
  /// The best estimate, or the samples. Colors alone: what else belongs to the picture is not there.
  public var results: [Picture]
  /// The standard deviation of every pixel on the scale of [0, 1], `[1, H, W]`, where it was wanted.
  public var deviation: Tensor?

  package init(results: [Picture], deviation: Tensor? = nil) {
    self.results = results
    self.deviation = deviation
  }
}

extension RestoredPicture {
  /// Results that lie one after another along the first dimension.
  init(_ joined: Tensor, count: Int) {
    let size = joined.elements.count / count
    let shape = joined.shape.replacing(axis: 0, with: joined.shape[0] / count)
    results = (0..<count).map { index in
      Picture(
        pixels: count == 1
          ? joined : Tensor(shape, Array(joined.elements[index * size..<(index + 1) * size])))
    }
  }
}

extension Tensor {
  /// `[C, H, W]` tensors one after another along the first dimension.
  ///
  /// - Precondition: there is one, and all have one shape.
  static func joined(_ tensors: [Tensor]) -> Tensor {
    let shape = tensors[0].shape
    return Tensor(
      shape.replacing(axis: 0, with: shape[0] * tensors.count), tensors.flatMap(\.elements))
  }
}
