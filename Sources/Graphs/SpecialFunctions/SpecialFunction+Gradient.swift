extension Graph {
  /// The adjoint of a special function carried to one of its arguments.
  ///
  /// - Parameters:
  ///   - inputs: the arguments.
  ///   - value: the function's value.
  ///   - dy: its adjoint.
  func specialPullback(
    _ function: SpecialFunction, _ inputs: [Value], _ position: Int, value y: Value, _ dy: Value
  ) -> Value {
    let x = inputs[0]
    switch (function, position) {
    case (.logOnePlus, _): return dy / (x + 1)
    case (.expMinusOne, _): return dy * (y + 1)
    case (.arctangent, _): return dy / (x.squared() + 1)
    case (.logGamma, _): return dy * x.digamma()
    case (.polygamma(let order), _): return dy * x.special(.polygamma(order: order + 1))
    case (.logBeta, let position):
      return dy * inputs[position].special(.digammaDifference, inputs[1 - position])
    case (.digammaDifference, let position):
      let ofSum = (x + inputs[1]).trigamma()
      return dy * (position == 0 ? x.trigamma() - ofSum : -ofSum)
    case (.normalCDF, _): return dy * normalDensity(x)
    case (.normalQuantile, _): return dy / normalDensity(y)
    case (.gammaEntropy, _): return dy * ((1 - x) * x.trigamma() + 1)
    case (.gammaLogKernel, 0): return dy * (inputs[1].log() - x.digamma())
    case (.gammaLogKernel, _): return dy * ((x - inputs[1]) / inputs[1])
    case (.gammaCDF, 0): return dy * x.special(.gammaCDFShapeDerivative, inputs[1])
    case (.gammaCDF, _): return dy * inputs[1].gammaLogKernel(shape: x).exp() / inputs[1]
    case (.logGammaQuantile, 0):
      return dy * x.special(.logGammaQuantileShapeDerivative, y)
    case (.logGammaQuantile, _): return dy * (-y.exp().gammaLogKernel(shape: x)).exp()
    case (.betaCDF, 0):
      let (a, b) = (inputs[1], inputs[2])
      let log = (a - 1) * x.log() + (b - 1) * (-x).logOnePlus() - a.logBeta(b)
      return dy * log.exp()
    case (.betaCDF, 1):
      return dy * x.special(.betaCDFShapeDerivative, inputs[1], inputs[2])
    case (.betaCDF, _):
      return -dy * (1 - x).special(.betaCDFShapeDerivative, inputs[2], inputs[1])
    case (.gammaCDFShapeDerivative, _), (.logGammaQuantileShapeDerivative, _),
      (.betaCDFShapeDerivative, _):
      preconditionFailure("\(function) has no derivative here")
    }
  }

  private func normalDensity(_ x: Value) -> Value {
    (x.squared() * -0.5 - 0.918_938_533_204_672_7).exp()
  }
}
