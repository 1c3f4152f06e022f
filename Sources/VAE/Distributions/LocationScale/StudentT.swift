import Checkpoints
import Graphs

/// Student's t with `degreesOfFreedom`, moved and scaled: location + scale n / sqrt(c / nu), n from
/// N(0, 1), c chi-squared with nu degrees of freedom, through which the gradient is implicit.
package struct StudentT: LocationScaleDistribution {
  /// nu > 0, `[N, ...]`.
  package let degreesOfFreedom: Value
  /// `[N, ...]`.
  package let location: Value
  /// Positive, `[N, ...]`.
  package let scale: Value

  package init(degreesOfFreedom: Value, location: Value, scale: Value) {
    self.degreesOfFreedom = degreesOfFreedom
    self.location = location
    self.scale = scale
  }

  package var support: Support { .realLine }
  package var noise: [BaseNoise] { [.standardNormal, .uniform] }

  private var half: Value { degreesOfFreedom * 0.5 }

  package func standardSample(noise: [Value]) -> Value {
    let logGamma = noise[1].logGammaQuantile(shape: half)
    return noise[0] * ((half.log() - logGamma) * 0.5).expWithinRange()
  }

  package func standardLogDensity(_ t: Value) -> Value {
    let tail = (t.squared() / degreesOfFreedom).logOnePlus() * (half + 0.5)
    return -tail - degreesOfFreedom.log() * 0.5 - logBeta
  }

  /// log B(nu / 2, 1 / 2).
  private var logBeta: Value { half.logBeta(half.graph.constant(0.5)) }

  package func cdf(_ z: Value) -> Value? {
    let t = standardized(z)
    let x = (t.squared() / degreesOfFreedom + 1).reciprocal()
    let tail = x.betaCDF(half, t.graph.constant(0.5)) * 0.5
    return (1 - tail).chosen(where: t.isAbove(t.graph.constant(0)), else: tail)
  }

  /// The location. There is no mean for nu <= 1.
  package var mean: Value? { location }
  /// scale^2 nu / (nu - 2), infinite for nu <= 2.
  package var variance: Value? {
    scale.squared() * degreesOfFreedom * (degreesOfFreedom - 2).reciprocalOrInfinity()
  }

  /// (nu + 1) / 2 (psi((nu + 1) / 2) - psi(nu / 2)) + 1/2 log nu + log B(nu / 2, 1 / 2) + log scale.
  package var entropy: Value? {
    let difference = half.special(.digammaDifference, half.graph.constant(0.5))
    return degreesOfFreedom.log() * 0.5 + logBeta + scale.log() - (half + 0.5) * difference
  }

  package func mapParameters(_ transform: (Value) -> Value) -> StudentT {
    StudentT(
      degreesOfFreedom: transform(degreesOfFreedom), location: transform(location),
      scale: transform(scale))
  }
}

/// Location and log scale of every latent, and a given number of degrees of freedom.
struct StudentTPosterior: FactorizedPosterior {
  let degreesOfFreedom: Float

  static let name = "student-t"
  static let hyperparameters = [Hyperparameter("degrees_of_freedom", standard: 5)]
  var members: [JSONMember] { [JSONMember("degrees_of_freedom", JSONValue(degreesOfFreedom))] }

  func problem(latents: Int) -> String? {
    degreesOfFreedom.isFinite && degreesOfFreedom > 2
      ? nil
      : "expected more than 2 degrees of freedom, with which there is a variance, found "
        + "\(degreesOfFreedom)"
  }

  func distribution(_ numbers: [Value]) -> any ReparameterizedDistribution {
    StudentT(
      degreesOfFreedom: numbers[0].graph.constant(degreesOfFreedom, numbers[0].shape),
      location: numbers[0], scale: numbers[1].exp())
  }
}

extension StudentTPosterior {
  init(json: JSONValue) throws {
    guard let degrees = json["degrees_of_freedom"]?.float else {
      throw ConfigurationError("expected a number as 'degrees_of_freedom'")
    }
    self.init(degreesOfFreedom: degrees)
  }
}

extension Configuration.Posterior {
  public static func studentT(degreesOfFreedom: Float) -> Self {
    Self(StudentTPosterior(degreesOfFreedom: degreesOfFreedom))
  }
}
