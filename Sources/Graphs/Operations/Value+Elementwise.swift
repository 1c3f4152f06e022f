import Tensors

extension Value {
  /// `f(x)` of each element.
  package func map(_ function: UnaryFunction) -> Value {
    if let number = constant { return graph.constant(function.value(at: number), shape) }
    return graph.value(.unary(function), [self], shape)
  }

  /// `x * scale + offset`.
  package func affine(scale: Float, offset: Float = 0) -> Value {
    if scale == 1 && offset == 0 { return self }
    if let number = constant { return graph.constant(number * scale + offset, shape) }
    return graph.value(.affine(scale: scale, offset: offset), [self], shape)
  }

  package func exp() -> Value { map(.exp) }
  package func log() -> Value { map(.log) }
  package func squareRoot() -> Value { map(.sqrt) }
  package func squared() -> Value { map(.square) }
  package func reciprocal() -> Value { map(.reciprocal) }
  package func tanh() -> Value { map(.tanh) }
  package func sigmoid() -> Value { map(.sigmoid) }
  package func softplus() -> Value { map(.softplus) }
  /// `min(max(x, lower), upper)`.
  package func clamped(_ lower: Float, _ upper: Float) -> Value {
    map(.clamp(lower: lower, upper: upper))
  }
  /// The same number, through which no gradient flows.
  package func stoppingGradient() -> Value { graph.value(.stopGradient, [self], shape) }

  package static prefix func - (x: Value) -> Value { x.affine(scale: -1) }
  package static func + (a: Value, b: Value) -> Value { a.combined(.add, b) }
  package static func - (a: Value, b: Value) -> Value { a.combined(.subtract, b) }
  package static func * (a: Value, b: Value) -> Value { a.combined(.multiply, b) }
  package static func / (a: Value, b: Value) -> Value { a.combined(.divide, b) }
  package static func + (a: Value, b: Float) -> Value { a.affine(scale: 1, offset: b) }
  package static func - (a: Value, b: Float) -> Value { a.affine(scale: 1, offset: -b) }
  package static func * (a: Value, b: Float) -> Value { a.affine(scale: b) }
  package static func / (a: Value, b: Float) -> Value { a.affine(scale: 1 / b) }
  package static func + (a: Float, b: Value) -> Value { b + a }
  package static func - (a: Float, b: Value) -> Value { b.affine(scale: -1, offset: a) }
  package static func * (a: Float, b: Value) -> Value { b * a }

  /// A function of two elements; the shapes are broadcast to one another as NumPy does.
  package func combined(_ function: BinaryFunction, _ other: Value) -> Value {
    let shape = Shape.broadcast(shape, other.shape)
    if let simple = simplified(function, other, shape) { return simple }
    return graph.value(
      .binary(function), [broadcast(to: shape), other.broadcast(to: shape)], shape)
  }

  /// The combination with a constant operand, as a cheaper operation.
  private func simplified(_ function: BinaryFunction, _ other: Value, _ shape: Shape) -> Value? {
    switch (function, constant, other.constant) {
    case (.add, _, let b?): broadcast(to: shape).affine(scale: 1, offset: b)
    case (.add, let a?, _): other.broadcast(to: shape).affine(scale: 1, offset: a)
    case (.subtract, _, let b?): broadcast(to: shape).affine(scale: 1, offset: -b)
    case (.subtract, let a?, _): other.broadcast(to: shape).affine(scale: -1, offset: a)
    case (.multiply, _, let b?): broadcast(to: shape).affine(scale: b)
    case (.multiply, let a?, _): other.broadcast(to: shape).affine(scale: a)
    case (.divide, _, let b?): broadcast(to: shape).affine(scale: 1 / b)
    default: nil
    }
  }

  /// Repeats axes of extent 1 (and missing leading axes) until the shape is `target`.
  ///
  /// - Precondition: every extent equals the target's or is 1.
  package func broadcast(to target: Shape) -> Value {
    if shape == target { return self }
    if let number = constant { return graph.constant(number, target) }
    precondition(
      Shape.broadcast(shape, target) == target, "\(shape) cannot be broadcast to \(target)")
    let padded = Shape([Int](repeating: 1, count: target.rank - shape.rank) + shape.dimensions)
    return graph.value(.broadcast, [reshaped(to: padded)], target)
  }
}

extension Shape {
  /// The shape that both are broadcast to.
  ///
  /// - Precondition: aligned at the last axis, extents are equal or one of them is 1.
  static func broadcast(_ a: Shape, _ b: Shape) -> Shape {
    let rank = max(a.rank, b.rank)
    return Shape(
      (0..<rank).map { axis in
        let i = axis - rank + a.rank
        let j = axis - rank + b.rank
        let m = i < 0 ? 1 : a[i]
        let n = j < 0 ? 1 : b[j]
        precondition(m == n || m == 1 || n == 1, "\(a) and \(b) do not broadcast")
        return m == 1 ? n : m
      })
  }
}
