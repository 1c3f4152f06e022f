import Tensors

extension Reference {
  /// The offset into a tensor of `shape` for each flat index of `target`, with extents of 1 and
  /// missing first axes held.
  private static func offsets(of shape: Shape, in target: Shape) -> [Int] {
    let strides = Swift.zip(shape.strides, shape.dimensions).map { $1 == 1 ? 0 : $0 }
    let missing = [Int](repeating: 0, count: target.rank - shape.rank)
    return gather(target, missing + strides)
  }

  /// The sum of index times stride over all axes, for each flat index of `shape`.
  private static func gather(_ shape: Shape, _ strides: [Int], from start: Int = 0) -> [Int] {
    var offsets = [start]
    for axis in 0..<shape.rank {
      offsets = offsets.flatMap { base in (0..<shape[axis]).map { base + $0 * strides[axis] } }
    }
    return offsets
  }

  private static func copy(_ x: Operand, at offsets: [Int], to y: Operand) -> Step {
    { for (i, offset) in offsets.enumerated() { y.elements[i] = x.elements[offset] } }
  }

  static func broadcast(_ x: Operand, _ y: Operand) -> Step {
    copy(x, at: offsets(of: x.shape, in: y.shape), to: y)
  }

  static func reduce(_ x: Operand, _ y: Operand, _ reduction: Reduction) -> Step {
    let offsets = offsets(of: y.shape, in: x.shape)
    let start: Float = reduction == .sum ? 0 : -.infinity
    return {
      y.elements.update(repeating: start, count: y.shape.count)
      for (i, offset) in offsets.enumerated() {
        switch reduction {
        case .sum: y.elements[offset] += x.elements[i]
        case .maximum: y.elements[offset] = max(y.elements[offset], x.elements[i])
        }
      }
    }
  }

  static func permute(_ x: Operand, _ y: Operand, _ axes: [Int]) -> Step {
    let strides = x.shape.strides
    return copy(x, at: gather(y.shape, axes.map { strides[$0] }), to: y)
  }

  static func slice(_ x: Operand, _ y: Operand, _ axis: Int, _ start: Int) -> Step {
    let strides = x.shape.strides
    return copy(x, at: gather(y.shape, strides, from: start * strides[axis]), to: y)
  }

  static func pad(_ x: Operand, _ y: Operand, _ axis: Int, _ start: Int) -> Step {
    let strides = y.shape.strides
    let offsets = gather(x.shape, strides, from: start * strides[axis])
    return {
      y.elements.update(repeating: 0, count: y.shape.count)
      for (i, offset) in offsets.enumerated() { y.elements[offset] = x.elements[i] }
    }
  }

  static func concatenate(_ inputs: [Operand], _ y: Operand, _ axis: Int) -> Step {
    let strides = y.shape.strides
    var start = 0
    let parts = inputs.map { input in
      defer { start += input.shape[axis] }
      return (input, gather(input.shape, strides, from: start * strides[axis]))
    }
    return {
      for (input, offsets) in parts {
        for (i, offset) in offsets.enumerated() { y.elements[offset] = input.elements[i] }
      }
    }
  }

  /// For each flat index of `[N, C, H r, W r]` the index of the same number in
  /// `[N, C r r, H, W]`.
  private static func shuffled(_ wide: Shape, _ r: Int) -> [Int] {
    let (h, w) = (wide[2] / r, wide[3] / r)
    var offsets: [Int] = []
    for plane in 0..<wide[0] * wide[1] {
      for row in 0..<wide[2] {
        for column in 0..<wide[3] {
          let channel = plane * r * r + row % r * r + column % r
          offsets.append((channel * h + row / r) * w + column / r)
        }
      }
    }
    return offsets
  }

  static func pixelShuffle(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    copy(x, at: shuffled(y.shape, factor), to: y)
  }

  static func pixelUnshuffle(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let offsets = shuffled(x.shape, factor)
    return { for (i, offset) in offsets.enumerated() { y.elements[offset] = x.elements[i] } }
  }

  /// For each flat index of `wide` the index of its square in a picture `factor` times smaller.
  private static func squares(_ wide: Shape, _ factor: Int) -> [Int] {
    let (h, w) = (wide[2] / factor, wide[3] / factor)
    return (0..<wide.count).map { index in
      let (column, row) = (index % wide[3], index / wide[3] % wide[2])
      return (index / (wide[2] * wide[3]) * h + row / factor) * w + column / factor
    }
  }

  static func upsampleNearest(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    copy(x, at: squares(y.shape, factor), to: y)
  }

  static func sumPool(_ x: Operand, _ y: Operand, _ factor: Int) -> Step {
    let offsets = squares(x.shape, factor)
    return {
      y.elements.update(repeating: 0, count: y.shape.count)
      for (i, offset) in offsets.enumerated() { y.elements[offset] += x.elements[i] }
    }
  }

  static func stackedRows(_ inputs: [Operand], _ y: Operand, _ start: Int) -> Step {
    let width = y.shape[3]
    let count = inputs.reduce(0) { $0 + $1.shape[2] } * width
    return {
      // The result may stand where an input does.
      let planes = (0..<y.shape[0] * y.shape[1]).map { plane in
        inputs.flatMap { input in
          let size = input.shape[2] * width
          return Array(UnsafeBufferPointer(start: input.elements + plane * size, count: size))
        }
      }
      let size = y.shape[2] * width
      for (plane, numbers) in planes.enumerated() {
        precondition(numbers.count == count)
        for i in 0..<size { y.elements[plane * size + i] = numbers[start * width + i] }
      }
    }
  }
}
