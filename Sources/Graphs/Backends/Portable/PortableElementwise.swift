import CKernels

extension UnaryFunction {
  /// The kernels' name of the function and its two numbers.
  fileprivate var kernel: (function: latent_unary_function, p: Float, q: Float) {
    switch self {
    case .negate: (LATENT_NEGATE, 0, 0)
    case .exp: (LATENT_EXP, 0, 0)
    case .log: (LATENT_LOG, 0, 0)
    case .sqrt: (LATENT_SQRT, 0, 0)
    case .square: (LATENT_SQUARE, 0, 0)
    case .reciprocal: (LATENT_RECIPROCAL, 0, 0)
    case .absolute: (LATENT_ABSOLUTE, 0, 0)
    case .sine: (LATENT_SINE, 0, 0)
    case .cosine: (LATENT_COSINE, 0, 0)
    case .tanh: (LATENT_TANH, 0, 0)
    case .sigmoid: (LATENT_SIGMOID, 0, 0)
    case .softplus: (LATENT_SOFTPLUS, 0, 0)
    case .relu: (LATENT_RELU, 0, 0)
    case .leakyRelu(let slope): (LATENT_LEAKY_RELU, slope, 0)
    case .elu: (LATENT_ELU, 0, 0)
    case .silu: (LATENT_SILU, 0, 0)
    case .gelu: (LATENT_GELU, 0, 0)
    case .clamp(let lower, let upper): (LATENT_CLAMP, lower, upper)
    }
  }
}

extension BinaryFunction {
  fileprivate var kernel: latent_binary_function {
    switch self {
    case .add: LATENT_ADD
    case .subtract: LATENT_SUBTRACT
    case .multiply: LATENT_MULTIPLY
    case .divide: LATENT_DIVIDE
    case .minimum: LATENT_MINIMUM
    case .maximum: LATENT_MAXIMUM
    case .greater: LATENT_GREATER
    }
  }
}

extension Portable {
  static func unary(_ function: UnaryFunction, _ x: Operand, _ y: Operand) -> Step {
    let (kernel, p, q) = function.kernel
    let count = y.shape.count
    return { latent_unary(kernel, p, q, x.elements, y.elements, count) }
  }

  static func unaryGradient(
    _ function: UnaryFunction, _ dy: Operand, _ operand: Operand, _ dx: Operand
  ) -> Step {
    let (kernel, p, q) = function.kernel
    let count = dx.shape.count
    return {
      latent_unary_gradient(kernel, p, q, dy.elements, operand.elements, dx.elements, count)
    }
  }

  static func affine(_ x: Operand, _ y: Operand, _ scale: Float, _ offset: Float) -> Step {
    let count = y.shape.count
    return { latent_affine(scale, offset, x.elements, y.elements, count) }
  }

  static func binary(
    _ function: BinaryFunction, _ a: Operand, _ b: Operand, _ y: Operand
  ) -> Step {
    let (kernel, count) = (function.kernel, y.shape.count)
    return { latent_binary(kernel, a.elements, b.elements, y.elements, count) }
  }
}
