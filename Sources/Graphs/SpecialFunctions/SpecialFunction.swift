/// A function of one, two or three numbers that is computed in double precision by plain Swift.
///
/// Arguments outside the domain give NaN. Names of arguments are those of the comments, in order.
package enum SpecialFunction: Hashable, Sendable {
  /// log(1 + x)
  case logOnePlus
  /// exp(x) - 1
  case expMinusOne
  case arctangent
  /// log Gamma(x), x > 0
  case logGamma
  /// psi^(n)(x), the derivative of order n + 1 of log Gamma, x > 0
  case polygamma(order: Int)
  /// log B(a, b), a and b > 0
  case logBeta
  /// psi(a) - psi(a + b), a > 0, b > -a
  case digammaDifference
  /// Phi(x)
  case normalCDF
  /// Phi^-1(u), u in (0, 1)
  case normalQuantile
  /// a + log Gamma(a) + (1 - a) psi(a), the entropy of Gamma(a, 1), a > 0
  case gammaEntropy
  /// a log x - x - log Gamma(a): the log of x times the density of Gamma(a, 1)
  case gammaLogKernel
  /// P(a, x), the regularized lower incomplete gamma function, a > 0, x >= 0
  case gammaCDF
  /// dP/da at (a, x)
  case gammaCDFShapeDerivative
  /// log x with P(a, x) = u, a > 0, u in (0, 1)
  case logGammaQuantile
  /// d log x / da along P(a, x) = const, of (a, log x)
  case logGammaQuantileShapeDerivative
  /// I_x(a, b), the regularized incomplete beta function, of (x, a, b), a and b > 0, x in [0, 1]
  case betaCDF
  /// dI_x(a, b)/da, of (x, a, b)
  case betaCDFShapeDerivative

  /// How many arguments there are.
  package var argumentCount: Int {
    switch self {
    case .logOnePlus, .expMinusOne, .arctangent, .logGamma, .polygamma, .normalCDF,
      .normalQuantile, .gammaEntropy:
      1
    case .logBeta, .digammaDifference, .gammaLogKernel, .gammaCDF, .gammaCDFShapeDerivative,
      .logGammaQuantile, .logGammaQuantileShapeDerivative:
      2
    case .betaCDF, .betaCDFShapeDerivative: 3
    }
  }
}
