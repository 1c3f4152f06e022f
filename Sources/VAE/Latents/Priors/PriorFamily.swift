import Checkpoints
import Graphs
import Networks
import Tensors

/// A family of p(z) with its hyperparameters. A new one is a type that conforms, beside its `LatentPrior`, and
/// its name in `Families.priors`.
package protocol PriorFamily: Family {
  /// Whether it is for latents on the whole real line, and whether for positive ones.
  static var takesReal: Bool { get }
  static var takesPositive: Bool { get }
  /// Whether posteriors collapse onto it where nothing weakens the rate at first.
  static var needsWarmUp: Bool { get }
  /// Whether it asks for the posterior's density at points other than the posterior's own draws.
  static var needsTractablePosterior: Bool { get }
  /// Why there is no such member, in lower case; nil where all is well.
  var problem: String? { get }

  /// The prior where it has no parameters; nil otherwise.
  var standard: (any LatentPrior)? { get }
  /// Trainable tensors.
  func parameters(latents: Int, image: ImageShape) -> [ParameterSpecification]
  /// What a draw takes.
  ///
  /// - Parameter posterior: what one of the posterior's takes.
  func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts
  /// The prior, whose tensors are those of `parameters`.
  ///
  /// - Parameters:
  ///   - encode: from pictures `[N, C, H, W]` to what the encoder gives for them.
  ///   - posterior: from that to q(z|x).
  func prior(
    _ graph: Graph, latents: Int, image: ImageShape, encode: (Value) -> Value,
    posterior: @escaping (Value) -> any LatentPosterior
  ) -> any LatentPrior
}

extension PriorFamily {
  package static var takesReal: Bool { !takesPositive }
  package static var takesPositive: Bool { false }
  package static var needsWarmUp: Bool { false }
  package static var needsTractablePosterior: Bool { false }
  package var problem: String? { nil }
  package var standard: (any LatentPrior)? { nil }
  package func parameters(latents: Int, image: ImageShape) -> [ParameterSpecification] { [] }
  package func noise(latents: Int, posterior: NoiseCounts) -> NoiseCounts {
    NoiseCounts(normal: latents)
  }

  /// A number of components as `init(json:)` reads it.
  static func problem(ofComponents count: Int) -> String? {
    (1...65_536).contains(count) ? nil : "expected 1 to 65536 components, found \(count)"
  }

  /// Why prior and posterior make no model; nil where all is well.
  func problem(with posterior: Configuration.Posterior) -> String? {
    if posterior.isPositive && !Self.takesPositive {
      return "a prior on the whole real line and posterior \(posterior.name) of positive latents "
        + "do not fit; choose the prior \(posterior.standardPrior.name)"
    }
    if !posterior.isPositive && !Self.takesReal {
      return "the posterior \(posterior.name) reaches below zero, where the prior \(Self.name) "
        + "is zero; choose the prior standard-normal"
    }
    if Self.needsTractablePosterior && !posterior.hasTractableDensity {
      return "a VampPrior needs every posterior's density at other posteriors' draws, for which "
        + "an inverse autoregressive flow would have to be inverted; choose the prior mixture"
    }
    return problem
  }
}

/// A prior without parameters.
package protocol StandardPriorFamily: PlainFamily, PriorFamily {
  static var prior: any LatentPrior { get }
}

extension StandardPriorFamily {
  package var standard: (any LatentPrior)? { Self.prior }
  package func prior(
    _ graph: Graph, latents: Int, image: ImageShape, encode: (Value) -> Value,
    posterior: @escaping (Value) -> any LatentPosterior
  ) -> any LatentPrior { Self.prior }
}

extension Configuration {
  /// The family of p(z): one of `Families.priors`.
  public struct Prior: Hashable, Sendable {
    package let family: any PriorFamily

    package init(_ family: any PriorFamily) { self.family = family }

    /// As in the model file and on the command line.
    public var name: String { type(of: family).name }

    public static func == (a: Self, b: Self) -> Bool {
      AnyHashable(a.family) == AnyHashable(b.family)
    }
    public func hash(into hasher: inout Hasher) { family.hash(into: &hasher) }

    package init(json: JSONValue) throws {
      self.init(try Families.named(json, "prior", Families.priors) { $0.name }.read(json))
    }
  }
}
