import Checkpoints
import Graphs
import Networks
import Tensors

/// A family of q(z|x) with its hyperparameters: what it needs of the encoder and what it makes of it. A
/// new one is a type that conforms, and a line in `Families.posteriors`.
package protocol PosteriorFamily: Family {
  /// Whether the latents are positive numbers.
  static var isPositive: Bool { get }
  /// Whether q(z|x) can be computed at points other than its own draws.
  static var hasTractableDensity: Bool { get }
  /// The prior of the family's own kind.
  var standardPrior: Configuration.Prior { get }
  /// Why there is no such member, in lower case; nil where all is well.
  func problem(latents: Int) -> String?

  /// What the encoder gives for a picture.
  func encoderOutputs(latents: Int) -> Int
  /// How the encoder's last layer starts.
  func encoderInitializer(latents: Int) -> Initializer
  /// Trainable tensors beside the encoder's.
  func parameters(latents: Int, _ activation: UnaryFunction) -> [ParameterSpecification]
  /// - Parameters:
  ///   - output: the encoder's, `[N, encoderOutputs]`.
  ///   - activation: of the networks.
  func posterior(
    _ output: Value, latents: Int, _ activation: UnaryFunction
  ) -> any LatentPosterior
}

extension PosteriorFamily {
  package static var isPositive: Bool { false }
  package static var hasTractableDensity: Bool { true }
  package var standardPrior: Configuration.Prior { .standardNormal }
  package func problem(latents: Int) -> String? { nil }
  package func encoderInitializer(latents: Int) -> Initializer { .glorot }
  package func parameters(
    latents: Int, _ activation: UnaryFunction
  ) -> [ParameterSpecification] { [] }
}

/// A posterior whose latents are independent and of one reparameterized family.
package protocol FactorizedPosterior: PosteriorFamily {
  /// The numbers of the encoder that a latent has.
  static var numbersPerLatent: Int { get }
  /// - Parameter numbers: `[N, D]` each.
  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution
}

extension FactorizedPosterior {
  package static var numbersPerLatent: Int { 2 }
  package func encoderOutputs(latents: Int) -> Int { Self.numbersPerLatent * latents }
  package func posterior(
    _ output: Value, latents: Int, _ activation: UnaryFunction
  ) -> any LatentPosterior {
    FamilyPosterior(
      distribution: distribution(
        (0..<Self.numbersPerLatent).map { output.latents($0, of: latents) }))
  }
}

extension Value {
  /// The D numbers of each row at a place of an encoder's output.
  func latents(_ index: Int, of count: Int) -> Value {
    sliced(axis: 1, index * count..<(index + 1) * count)
  }

  /// From any number to the concentration of a gamma or Weibull posterior: below 0.1 most of the mass is
  /// at zero, beyond what floating point can tell apart.
  var concentration: Value { softplus() + 0.1 }
}

extension Configuration {
  /// The family of q(z|x): one of `Families.posteriors`.
  public struct Posterior: Hashable, Sendable {
    package let family: any PosteriorFamily

    package init(_ family: any PosteriorFamily) { self.family = family }

    /// As in the model file and on the command line.
    public var name: String { type(of: family).name }
    /// Whether the latents are positive numbers.
    public var isPositive: Bool { type(of: family).isPositive }
    /// Whether q(z|x) can be computed at points other than its own draws, and so whether the variance
    /// of every latent has a closed form.
    public var hasTractableDensity: Bool { type(of: family).hasTractableDensity }
    /// The prior of the family's own kind.
    public var standardPrior: Prior { family.standardPrior }

    public static func == (a: Self, b: Self) -> Bool {
      AnyHashable(a.family) == AnyHashable(b.family)
    }
    public func hash(into hasher: inout Hasher) { family.hash(into: &hasher) }

    package init(json: JSONValue) throws {
      self.init(
        try Families.named(json, "posterior", Families.posteriors) { $0.name }.read(json))
    }
  }
}
