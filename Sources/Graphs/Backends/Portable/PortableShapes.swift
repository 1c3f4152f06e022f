import CKernels
import Tensors

extension Portable {
  /// Copies `extents` elements from `source` to `target`, which start `sourceStart` and
  /// `targetStart` elements into their tensors.
  private static func copy(
    _ x: Operand, _ y: Operand, extents: [Int], from sourceStrides: [Int], to targetStrides: [Int],
    sourceStart: Int = 0, targetStart: Int = 0
  ) -> Step {
    let (source, target) = (x.elements + sourceStart, y.elements + targetStart)
    let rank = Int32(extents.count)
    return { latent_copy(rank, extents, sourceStrides, targetStrides, source, target) }
  }

  static func broadcast(_ x: Operand, _ y: Operand) -> Step {
    let missing = [Int](repeating: 0, count: y.shape.rank - x.shape.rank)
    let strides = Swift.zip(x.shape.strides, x.shape.dimensions).map { $1 == 1 ? 0 : $0 }
    return copy(
      x, y, extents: y.shape.dimensions, from: missing + strides, to: y.shape.strides)
  }

  static func reduce(_ x: Operand, _ y: Operand, _ reduction: Reduction) -> Step {
    let extents = x.shape.dimensions
    let reduced = Swift.zip(extents, y.shape.dimensions).map { $0 != $1 }
    let maximum = reduction == .maximum
    let rank = Int32(extents.count)
    return { latent_reduce(maximum, rank, extents, reduced, x.elements, y.elements) }
  }

  static func permute(_ x: Operand, _ y: Operand, _ axes: [Int]) -> Step {
    let strides = x.shape.strides
    return copy(
      x, y, extents: y.shape.dimensions, from: axes.map { strides[$0] }, to: y.shape.strides)
  }

  static func concatenate(_ inputs: [Operand], _ y: Operand, _ axis: Int) -> Step {
    var start = 0
    let steps = inputs.map { input in
      defer { start += input.shape[axis] }
      return copy(
        input, y, extents: input.shape.dimensions, from: input.shape.strides, to: y.shape.strides,
        targetStart: start * y.shape.strides[axis])
    }
    return { for step in steps { try step() } }
  }

  static func slice(_ x: Operand, _ y: Operand, _ axis: Int, _ start: Int) -> Step {
    copy(
      x, y, extents: y.shape.dimensions, from: x.shape.strides, to: y.shape.strides,
      sourceStart: start * x.shape.strides[axis])
  }

  static func pad(_ x: Operand, _ y: Operand, _ axis: Int, _ start: Int) -> Step {
    let count = y.shape.count
    let fill = copy(
      x, y, extents: x.shape.dimensions, from: x.shape.strides, to: y.shape.strides,
      targetStart: start * y.shape.strides[axis])
    return {
      latent_clear(y.elements, count)
      try fill()
    }
  }

  /// Extents `[N, C, H, r, W, r]` of a picture `wide` whose squares of r x r pixels are channels
  /// of a smaller one, and the strides of both along them.
  private static func squares(
    _ wide: Shape, _ r: Int
  ) -> (extents: [Int], wide: [Int], channels: [Int]) {
    let (n, c, h, w) = (wide[0], wide[1], wide[2] / r, wide[3] / r)
    return (
      [n, c, h, r, w, r],
      [c * h * r * w * r, h * r * w * r, r * w * r, w * r, r, 1],
      [c * r * r * h * w, r * r * h * w, w, r * h * w, 1, h * w]
    )
  }

  static func pixelShuffle(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let (extents, wide, channels) = squares(y.shape, factor)
    return copy(x, y, extents: extents, from: channels, to: wide)
  }

  static func pixelUnshuffle(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let (extents, wide, channels) = squares(x.shape, factor)
    return copy(x, y, extents: extents, from: wide, to: channels)
  }

  static func upsampleNearest(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let (extents, wide, _) = squares(y.shape, factor)
    let strides = x.shape.strides
    return copy(
      x, y, extents: extents, from: [strides[0], strides[1], strides[2], 0, strides[3], 0],
      to: wide)
  }

  static func sumPool(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let (planes, rows, columns) = (y.shape[0] * y.shape[1], y.shape[2], y.shape[3])
    return { latent_sum_pool(planes, rows, columns, factor, x.elements, y.elements) }
  }

  static func stackedRows(_ inputs: [Operand], _ y: Operand, _ start: Int) -> Step {
    let (first, second) = (inputs[0], inputs.count > 1 ? inputs[1] : nil)
    let (planes, rows, width) = (y.shape[0] * y.shape[1], y.shape[2], y.shape[3])
    let (above, below) = (first.shape[2], second?.shape[2] ?? 0)
    return {
      latent_stack_rows(
        planes, width, first.elements, above, second?.elements, below, start, rows, y.elements)
    }
  }
}
