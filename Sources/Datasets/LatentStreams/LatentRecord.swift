import Tensors

/// A picture's posterior, or a point of latent space: what a latent stream holds.
package struct LatentRecord: Hashable, Sendable {
  /// The picture it stands for; only `ndjson` carries it.
  package var source: String?
  /// The picture's extents `[C, H, W]`, where the latents do not settle them; only `ndjson` carries
  /// them.
  package var image: Shape?
  /// The groups that the numbers belong to, one after another; none where there is one group, or the stream
  /// does not tell. Only `ndjson` carries them.
  package var groups: [Group]
  /// The latent's shape without a batch dimension: `[D]`, or `[C, H, W]` for a grid.
  package var shape: Shape
  /// `shape.count` numbers in C order.
  package var mean: [Float]
  /// `shape.count` numbers in C order: the natural logarithm of the variance.
  package var logVariance: [Float]?
  /// Whose latents they are, as far as the stream says so.
  package var origin = LatentOrigin()

  /// - Precondition: the numbers fit the shape.
  package init(
    source: String? = nil, image: Shape? = nil, groups: [Group] = [], shape: Shape,
    mean: [Float], logVariance: [Float]? = nil, origin: LatentOrigin = LatentOrigin()
  ) {
    precondition(mean.count == shape.count && (logVariance ?? mean).count == shape.count)
    self.source = source
    self.image = image
    self.groups = groups
    self.shape = shape
    self.mean = mean
    self.logVariance = logVariance
    self.origin = origin
  }
}

extension LatentRecord {
  /// A group of latents on a grid.
  public struct Group: Hashable, Sendable {
    public let name: String
    /// `[c, h, w]`.
    public let shape: Shape

    public init(name: String, shape: Shape) {
      self.name = name
      self.shape = shape
    }
  }
}

/// The formats of a latent stream.
package enum LatentStreamFormat: String, Hashable, Sendable, CaseIterable {
  /// A vector a line, tab-separated.
  case text
  /// A JSON object a line.
  case ndjson
  /// NumPy's array format.
  case npy
}
