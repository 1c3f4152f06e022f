import Platform

extension UnaryFunction {
  /// f(x).
  package func value(at x: Float) -> Float {
    switch self {
    case .negate: -x
    case .exp: expf(x)
    case .log: logf(x)
    case .sqrt: x.squareRoot()
    case .square: x * x
    case .reciprocal: 1 / x
    case .absolute: Swift.abs(x)
    case .sine: sinf(x)
    case .cosine: cosf(x)
    case .tanh: tanhf(x)
    case .sigmoid: Self.sigmoid(x)
    case .softplus: max(x, 0) + log1pf(expf(-Swift.abs(x)))
    case .relu: x > 0 ? x : 0
    case .leakyRelu(let slope): x > 0 ? x : slope * x
    case .elu: x > 0 ? x : expm1f(x)
    case .silu: x * Self.sigmoid(x)
    case .gelu: 0.5 * x * (1 + tanhf(Self.geluArgument(x)))
    case .clamp(let lower, let upper): min(max(x, lower), upper)
    }
  }

  /// f'(x), from x or from f(x) as `gradientOperand` says.
  package func derivative(operand: Float) -> Float {
    switch self {
    case .negate: -1
    case .exp: operand
    case .log: 1 / operand
    case .sqrt: 0.5 / operand
    case .square: 2 * operand
    case .reciprocal: -operand * operand
    case .absolute: operand > 0 ? 1 : operand < 0 ? -1 : 0
    case .sine: cosf(operand)
    case .cosine: -sinf(operand)
    case .tanh: 1 - operand * operand
    case .sigmoid: operand * (1 - operand)
    case .softplus: Self.sigmoid(operand)
    case .relu: operand > 0 ? 1 : 0
    case .leakyRelu(let slope): operand > 0 ? 1 : slope
    case .elu: operand > 0 ? 1 : operand + 1
    case .silu:
      Self.sigmoid(operand) * (1 + operand * (1 - Self.sigmoid(operand)))
    case .gelu: Self.geluDerivative(operand)
    case .clamp(let lower, let upper): operand > lower && operand < upper ? 1 : 0
    }
  }

  private static func sigmoid(_ x: Float) -> Float {
    let e = expf(-Swift.abs(x))
    return x >= 0 ? 1 / (1 + e) : e / (1 + e)
  }

  private static func geluArgument(_ x: Float) -> Float {
    0.797_884_56 * (x + 0.044715 * x * x * x)
  }

  private static func geluDerivative(_ x: Float) -> Float {
    let t = tanhf(geluArgument(x))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * 0.797_884_56 * (1 + 0.134145 * x * x)
  }
}

extension BinaryFunction {
  /// f(a, b).
  package func value(at a: Float, _ b: Float) -> Float {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .minimum: a < b ? a : b
    case .maximum: a > b ? a : b
    case .greater: a > b ? 1 : 0
    }
  }
}
