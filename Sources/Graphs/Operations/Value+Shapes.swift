import Tensors

extension Value {
  /// The same elements under another shape.
  package func reshaped(to target: Shape) -> Value {
    if shape == target { return self }
    precondition(shape.count == target.count, "\(shape) cannot be reshaped to \(target)")
    if let number = constant { return graph.constant(number, target) }
    return graph.value(.reshape, [self], target)
  }

  /// `[N, ...]` as `[N, count / N]`.
  package func flattened() -> Value { reshaped(to: [shape[0], shape.count / shape[0]]) }

  /// Axis i of the result is axis `axes[i]` of this value.
  package func permuted(_ axes: [Int]) -> Value {
    precondition(axes.sorted() == Array(0..<shape.rank), "\(axes) is no order of the axes")
    return graph.value(.permute(axes: axes), [self], Shape(axes.map { shape[$0] }))
  }

  /// `values` one after another along `axis`.
  package static func concatenate(_ values: [Value], axis: Int) -> Value {
    if values.count == 1 { return values[0] }
    let first = values[0].shape
    precondition(
      values.allSatisfy {
        $0.shape.replacing(axis: axis, with: 1) == first.replacing(axis: axis, with: 1)
      },
      "concatenated values differ in one extent only")
    let extent = values.reduce(0) { $0 + $1.shape[axis] }
    return values[0].graph.value(
      .concatenate(axis: axis), values, first.replacing(axis: axis, with: extent))
  }

  /// `range` of the indices along `axis`.
  package func sliced(axis: Int, _ range: Range<Int>) -> Value {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= shape[axis], "a slice within the axis")
    let target = shape.replacing(axis: axis, with: range.count)
    if target == shape { return self }
    return graph.value(.slice(axis: axis, start: range.lowerBound), [self], target)
  }

  /// Zeros before and after along `axis`.
  package func padded(axis: Int, before: Int, after: Int) -> Value {
    if before == 0 && after == 0 { return self }
    let target = shape.replacing(axis: axis, with: shape[axis] + before + after)
    return graph.value(.pad(axis: axis, start: before), [self], target)
  }

  /// The sum over `axes`, which stay with extent 1 or, by default, go.
  package func sum(_ axes: [Int], keepingAxes: Bool = false) -> Value {
    reduced(.sum, axes, keepingAxes: keepingAxes)
  }

  /// The sum over everything, a scalar.
  package func sum() -> Value { sum(Array(0..<shape.rank)) }

  /// The mean over everything, a scalar.
  package func mean() -> Value { sum() / Float(shape.count) }

  /// The largest element over `axes`. No gradient flows through it.
  package func maximum(_ axes: [Int], keepingAxes: Bool = false) -> Value {
    reduced(.maximum, axes, keepingAxes: keepingAxes)
  }

  /// `log(sum(exp(x)))` over `axes`, without overflow.
  package func logSumExp(_ axes: [Int]) -> Value {
    let largest = maximum(axes, keepingAxes: true)
    let sum = ((self - largest).exp().sum(axes, keepingAxes: true).log() + largest)
    return sum.reshaped(to: shape.removing(axes))
  }

  private func reduced(_ reduction: Reduction, _ axes: [Int], keepingAxes: Bool) -> Value {
    let axes = axes.sorted()
    precondition(axes.allSatisfy { (0..<shape.rank).contains($0) }, "axes of the value")
    let kept = axes.reduce(shape) { $0.replacing(axis: $1, with: 1) }
    let target = keepingAxes ? kept : shape.removing(axes)
    if kept == shape { return reshaped(to: target) }
    if let number = constant {
      let factor = reduction == .sum ? Float(shape.count / kept.count) : 1
      return graph.constant(number * factor, target)
    }
    return graph.value(.reduce(reduction, axes: axes), [self], kept).reshaped(to: target)
  }
}

extension Shape {
  func removing(_ axes: [Int]) -> Shape {
    Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
  }
}
