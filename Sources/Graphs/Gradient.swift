import Tensors

extension Graph {
  /// The gradient of a scalar by reverse accumulation, as new nodes of this graph.
  ///
  /// Only what lies between `values` and `loss` is differentiated, so that for instance no data
  /// gradient is made for a first layer.
  ///
  /// - Precondition: `loss` is a scalar, and no `unaryGradient` lies on the way (there are no
  ///   second derivatives of element-wise functions).
  /// - Returns: one value per entry of `values`, of the same shape; zeros where `loss` does not
  ///   depend on it.
  package func gradient(of loss: Value, withRespectTo values: [Value]) -> [Value] {
    precondition(loss.shape.count == 1, "the gradient of a scalar, not of \(loss.shape)")
    var depends = [Bool](repeating: false, count: loss.index + 1)
    for value in values where value.index <= loss.index { depends[value.index] = true }
    for index in 0...loss.index where !depends[index] {
      if case .stopGradient = nodes[index].operation { continue }
      depends[index] = nodes[index].inputs.contains { depends[$0] }
    }

    var adjoints = [Value?](repeating: nil, count: loss.index + 1)
    adjoints[loss.index] = constant(1, loss.shape)
    for index in stride(from: loss.index, through: 0, by: -1) where depends[index] {
      guard let adjoint = adjoints[index] else { continue }
      let inputs = nodes[index].inputs
      for (position, input) in inputs.enumerated() where depends[input] {
        guard let part = pullback(index, position, adjoint) else { continue }
        adjoints[input] = adjoints[input].map { $0 + part } ?? part
      }
    }
    return values.map { value in
      (value.index <= loss.index ? adjoints[value.index] : nil) ?? constant(0, value.shape)
    }
  }

  /// The adjoint of a node carried to one of its inputs; nil where no gradient flows.
  private func pullback(_ index: Int, _ position: Int, _ dy: Value) -> Value? {
    let node = nodes[index]
    let inputs = node.inputs.map { value(at: $0) }
    let x = inputs[position]
    switch node.operation {
    case .input, .parameter, .constant, .tensor, .stopGradient, .reduce(.maximum, _), .stackedRows,
      .keptRows:
      return nil
    case .dense, .matrixProduct, .convolution, .convolutionTransposed, .convolutionWeightGradient:
      return productPullback(node, inputs, position, dy)
    case .unary(let function):
      let operand = function.gradientOperand == .value ? value(at: index) : x
      return value(.unaryGradient(function), [dy, operand], dy.shape)
    case .unaryGradient:
      preconditionFailure("element-wise functions have no second derivative here")
    case .affine(let scale, _): return dy.affine(scale: scale)
    case .binary(let function): return binaryPullback(function, inputs, position, dy)
    case .special(let function):
      return specialPullback(function, inputs, position, value: value(at: index), dy)
    case .broadcast:
      let axes = x.shape.dimensions.indices.filter { x.shape[$0] != node.shape[$0] }
      return dy.sum(axes, keepingAxes: true)
    case .reduce(.sum, _): return dy.broadcast(to: x.shape)
    case .reshape: return dy.reshaped(to: x.shape)
    case .permute(let axes):
      return dy.permuted(axes.indices.map { axis in axes.firstIndex(of: axis)! })
    case .concatenate(let axis):
      let start = inputs[..<position].reduce(0) { $0 + $1.shape[axis] }
      return dy.sliced(axis: axis, start..<start + x.shape[axis])
    case .slice(let axis, let start):
      return dy.padded(
        axis: axis, before: start, after: x.shape[axis] - start - node.shape[axis])
    case .pad(let axis, let start):
      return dy.sliced(axis: axis, start..<start + x.shape[axis])
    case .pixelShuffle(let factor): return dy.pixelUnshuffled(factor)
    case .pixelUnshuffle(let factor): return dy.pixelShuffled(factor)
    case .upsampleNearest(let factor): return dy.sumPooled(factor)
    case .sumPool(let factor): return dy.upsampledNearest(factor)
    }
  }

  private func binaryPullback(
    _ function: BinaryFunction, _ inputs: [Value], _ position: Int, _ dy: Value
  ) -> Value? {
    let (a, b) = (inputs[0], inputs[1])
    switch (function, position) {
    case (.add, _), (.subtract, 0): return dy
    case (.subtract, _): return -dy
    case (.multiply, 0): return dy * b
    case (.multiply, _): return dy * a
    case (.divide, 0): return dy / b
    case (.divide, _): return -(dy * a) / b.squared()
    case (.maximum, 0): return dy * a.combined(.greater, b)
    case (.maximum, _): return dy * (1 - a.combined(.greater, b))
    case (.minimum, 0): return dy * (1 - a.combined(.greater, b))
    case (.minimum, _): return dy * a.combined(.greater, b)
    case (.greater, _): return nil
    }
  }

  private func productPullback(
    _ node: Node, _ inputs: [Value], _ position: Int, _ dy: Value
  ) -> Value? {
    let (a, b) = (inputs[0], inputs[1])
    switch (node.operation, position) {
    case (.dense, 0): return dy.times(b)
    case (.dense, 1): return dy.times(a, transposingSelf: true)
    case (.dense, _): return dy.sum([0])

    case (.matrixProduct(false, let tb), 0): return dy.times(b, transposingOther: !tb)
    case (.matrixProduct(true, let tb), 0):
      return b.times(dy, transposingSelf: tb, transposingOther: true)
    case (.matrixProduct(let ta, false), _): return a.times(dy, transposingSelf: !ta)
    case (.matrixProduct(let ta, true), _):
      return dy.times(a, transposingSelf: true, transposingOther: ta)

    case (.convolution(let g), 0): return value(.convolutionTransposed(g), [dy, b], a.shape)
    case (.convolution(let g), 1): return value(.convolutionWeightGradient(g), [a, dy], b.shape)
    case (.convolutionTransposed(let g), 0): return value(.convolution(g), [dy, b], a.shape)
    case (.convolutionTransposed(let g), 1):
      return value(.convolutionWeightGradient(g), [dy, a], b.shape)
    case (.convolution, _), (.convolutionTransposed, _): return dy.sum([0, 2, 3])

    case (.convolutionWeightGradient(let g), 0):
      return value(.convolutionTransposed(g), [b, dy], a.shape)
    case (.convolutionWeightGradient(let g), _): return value(.convolution(g), [a, dy], b.shape)
    default: return nil
    }
  }
}
