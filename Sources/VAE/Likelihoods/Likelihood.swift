import Checkpoints
import Graphs
import Networks
import Tensors

/// A family of p(x|z) with its hyperparameters: what it is for the decoder, for the draws and for the
/// levels of 8-bit data. A new one is a type that conforms, and a line in `Families.likelihoods`.
package protocol LikelihoodFamily: Family {
  /// Whether samples have probabilities, not densities.
  static var isDiscrete: Bool { get }
  /// The decoder's outputs for a pixel.
  func outputs(channels: Int) -> Int
  /// Trainable tensors beside the decoder's.
  var parameters: [ParameterSpecification] { get }
  /// Why there is no such member, in lower case; nil where all is well.
  var problem: String? { get }

  /// The distribution that a decoder's last layer describes.
  ///
  /// - Parameter output: `[N, outputs(channels: C), H, W]`.
  func distribution(_ output: Value) -> any PixelDistribution

  /// Draws the samples of a picture for which `isWanted`, all of a pixel or none.
  ///
  /// - Parameters:
  ///   - picture: where they go, as many as a picture has.
  ///   - parameters: the values of `PixelDistribution.drawParameters` for one picture.
  func draw(
    into picture: inout [Float], _ parameters: [[Float]], where isWanted: (Int) -> Bool,
    using random: inout RandomSource)

  /// log P(x|z) of 8-bit levels: the sum over samples of the mass within half a level.
  ///
  /// - Parameters:
  ///   - x: in [0, 1].
  ///   - parameters: the values of `PixelDistribution.levelParameters`, as many as samples or one
  ///     number for all.
  func levelLogProbability(
    _ x: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>]
  ) -> Double
}

extension LikelihoodFamily {
  package var parameters: [ParameterSpecification] { [] }
  package var problem: String? { nil }
}

/// A family of probabilities: the density of a level is its mass already.
package protocol DiscreteLikelihood: LikelihoodFamily {}

extension DiscreteLikelihood {
  package static var isDiscrete: Bool { true }
  package func levelLogProbability(
    _ x: UnsafeBufferPointer<Float>, _ parameters: [UnsafeBufferPointer<Float>]
  ) -> Double { preconditionFailure("a discrete family's density is a probability") }
}

extension Configuration {
  /// The distribution of the pixels given the latents: one of `Families.likelihoods`.
  public struct Likelihood: Hashable, Sendable {
    package let family: any LikelihoodFamily

    package init(_ family: any LikelihoodFamily) { self.family = family }

    /// As on the command line.
    public var name: String { type(of: family).name }

    /// Whether samples have probabilities, not densities.
    public var isDiscrete: Bool { type(of: family).isDiscrete }

    public static func == (a: Self, b: Self) -> Bool {
      AnyHashable(a.family) == AnyHashable(b.family)
    }
    public func hash(into hasher: inout Hasher) { family.hash(into: &hasher) }

    package init(json: JSONValue) throws {
      self.init(
        try Families.named(json, "likelihood", Families.likelihoods) { $0.name }.read(json))
    }
  }

  /// What a Gaussian or logistic decoder's last layer goes through to become the mean.
  public enum MeanFunction: String, Hashable, Sendable, CaseIterable {
    case identity
    /// Keeps the mean within (0, 1), as AEVB does for Frey Face (section 5).
    case sigmoid

    func apply(_ x: Value) -> Value {
      switch self {
      case .identity: x
      case .sigmoid: x.sigmoid()
      }
    }

    /// The hyperparameter of those families.
    static let hyperparameter = Hyperparameter("mean", standard: "sigmoid")
    var member: JSONMember { JSONMember("mean", .string(rawValue)) }
  }
}
