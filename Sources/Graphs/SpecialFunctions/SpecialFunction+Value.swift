import Platform

extension SpecialFunction {
  /// The value at one to three arguments; those beyond `argumentCount` are not looked at.
  package func value(_ a: Double, _ b: Double = 0, _ c: Double = 0) -> Double {
    switch self {
    case .logOnePlus: log1p(a)
    case .expMinusOne: expm1(a)
    case .arctangent: atan(a)
    case .logGamma: GammaFunction.logarithm(a)
    case .polygamma(let order): GammaFunction.polygamma(order, a)
    case .logBeta: GammaFunction.logBeta(a, b)
    case .digammaDifference:
      GammaFunction.polygamma(0, a) - GammaFunction.polygamma(0, a + b)
    case .normalCDF: NormalFunction.cdf(a)
    case .normalQuantile: NormalFunction.quantile(a)
    case .gammaEntropy: GammaFunction.entropy(a)
    case .gammaLogKernel: IncompleteGamma.logKernel(a, b)
    case .gammaCDF: IncompleteGamma.lower(a, b)
    case .gammaCDFShapeDerivative: IncompleteGamma.lowerShapeDerivative(a, b)
    case .logGammaQuantile: IncompleteGamma.logQuantile(a, b)
    case .logGammaQuantileShapeDerivative: IncompleteGamma.logQuantileShapeDerivative(a, b)
    case .betaCDF: IncompleteBeta.regularized(a, b, c)
    case .betaCDFShapeDerivative: IncompleteBeta.shapeDerivative(a, b, c)
    }
  }
}
