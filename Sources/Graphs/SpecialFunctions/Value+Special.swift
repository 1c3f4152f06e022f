import Tensors

extension Value {
  /// `function` of this value and the others; shapes are broadcast to one another.
  package func special(_ function: SpecialFunction, _ others: Value...) -> Value {
    precondition(others.count + 1 == function.argumentCount, "the arguments of \(function)")
    let shape = others.reduce(shape) { Shape.broadcast($0, $1.shape) }
    let arguments = ([self] + others).map { $0.broadcast(to: shape) }
    let numbers = arguments.compactMap { $0.constant.map(Double.init) } + [0, 0]
    if numbers.count == arguments.count + 2 {
      return graph.constant(Float(function.value(numbers[0], numbers[1], numbers[2])), shape)
    }
    return graph.value(.special(function), arguments, shape)
  }

  /// log(1 + x), exact for small x.
  package func logOnePlus() -> Value { special(.logOnePlus) }
  /// exp(x) - 1, exact for small x.
  package func expMinusOne() -> Value { special(.expMinusOne) }
  package func arctangent() -> Value { special(.arctangent) }
  /// log Gamma(x), x > 0.
  package func logGamma() -> Value { special(.logGamma) }
  /// psi(x), x > 0.
  package func digamma() -> Value { special(.polygamma(order: 0)) }
  /// psi'(x), x > 0.
  package func trigamma() -> Value { special(.polygamma(order: 1)) }
  /// log B(x, b), both positive.
  package func logBeta(_ b: Value) -> Value { special(.logBeta, b) }
  /// Phi(x), the standard normal distribution function.
  package func normalCDF() -> Value { special(.normalCDF) }
  /// Phi^-1 of a number in (0, 1).
  package func normalQuantile() -> Value { special(.normalQuantile) }

  /// a + log Gamma(a) + (1 - a) psi(a), the entropy of Gamma(a, 1).
  package func gammaEntropy() -> Value { special(.gammaEntropy) }
  /// a log x - x - log Gamma(a), x > 0, a > 0.
  package func gammaLogKernel(shape a: Value) -> Value { a.special(.gammaLogKernel, self) }
  /// P(a, x), the distribution function of Gamma(a, 1).
  package func gammaCDF(shape a: Value) -> Value { a.special(.gammaCDF, self) }
  /// The logarithm of the x at which `gammaCDF` is this number in (0, 1). Its gradient with respect
  /// to a is the implicit one (Figurnov, Mohamed and Mnih 2018, section 3).
  package func logGammaQuantile(shape a: Value) -> Value { a.special(.logGammaQuantile, self) }
  /// I_x(a, b), the distribution function of Beta(a, b), x in [0, 1].
  package func betaCDF(_ a: Value, _ b: Value) -> Value { special(.betaCDF, a, b) }
}
