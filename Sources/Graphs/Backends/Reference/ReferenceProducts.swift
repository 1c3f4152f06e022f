extension Reference {
  static func dense(_ x: Operand, _ w: Operand, bias: Operand?, _ y: Operand) -> Step {
    let (rows, inputs, outputs) = (x.shape[0], x.shape[1], w.shape[0])
    return {
      for n in 0..<rows {
        for o in 0..<outputs {
          var sum = bias?.elements[o] ?? 0
          for i in 0..<inputs { sum += x.elements[n * inputs + i] * w.elements[o * inputs + i] }
          y.elements[n * outputs + o] = sum
        }
      }
    }
  }

  static func matrixProduct(
    _ a: Operand, _ b: Operand, _ c: Operand, _ transposeA: Bool, _ transposeB: Bool
  ) -> Step {
    let (rows, columns) = (c.shape[0], c.shape[1])
    let inner = transposeA ? a.shape[0] : a.shape[1]
    let (aRow, aInner) = transposeA ? (1, rows) : (inner, 1)
    let (bInner, bColumn) = transposeB ? (1, inner) : (columns, 1)
    return {
      for m in 0..<rows {
        for n in 0..<columns {
          var sum: Float = 0
          for k in 0..<inner {
            sum += a.elements[m * aRow + k * aInner] * b.elements[k * bInner + n * bColumn]
          }
          c.elements[m * columns + n] = sum
        }
      }
    }
  }

  /// Calls `body` with the flat indices (x, w, y) of every product that a convolution
  /// x `[N, C, H, W]`, w `[O, C/groups, kh, kw]` -> y `[N, O, H', W']` adds up.
  @inline(__always)
  private static func forEachTap(
    _ x: Operand, _ w: Operand, _ y: Operand, _ geometry: ConvolutionGeometry,
    _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    let (outputs, group, kh, kw) = (w.shape[0], w.shape[1], w.shape[2], w.shape[3])
    let (rows, columns) = (y.shape[2], y.shape[3])
    for n in 0..<x.shape[0] {
      for o in 0..<outputs {
        let firstChannel = o / (outputs / geometry.groups) * group
        for i in 0..<rows {
          for j in 0..<columns {
            let yIndex = ((n * outputs + o) * rows + i) * columns + j
            for c in 0..<group {
              for p in 0..<kh {
                let row = i * geometry.stride + p * geometry.dilation - geometry.padding.top
                guard row >= 0 && row < height else { continue }
                for q in 0..<kw {
                  let column = j * geometry.stride + q * geometry.dilation - geometry.padding.left
                  guard column >= 0 && column < width else { continue }
                  body(
                    ((n * channels + firstChannel + c) * height + row) * width + column,
                    ((o * group + c) * kh + p) * kw + q, yIndex)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Fills `y` `[N, C, H, W]` with its channel's bias, or zeros.
  private static func fill(_ y: Operand, bias: Operand?) {
    let plane = y.shape[2] * y.shape[3]
    for index in 0..<y.shape[0] * y.shape[1] {
      let number = bias?.elements[index % y.shape[1]] ?? 0
      (y.elements + index * plane).update(repeating: number, count: plane)
    }
  }

  static func convolution(
    _ x: Operand, _ w: Operand, bias: Operand?, _ y: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    {
      fill(y, bias: bias)
      forEachTap(x, w, y, geometry) { y.elements[$2] += x.elements[$0] * w.elements[$1] }
    }
  }

  static func convolutionTransposed(
    _ dy: Operand, _ w: Operand, bias: Operand?, _ dx: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    {
      fill(dx, bias: bias)
      forEachTap(dx, w, dy, geometry) { dx.elements[$0] += dy.elements[$2] * w.elements[$1] }
    }
  }

  static func convolutionWeightGradient(
    _ x: Operand, _ dy: Operand, _ dw: Operand, _ geometry: ConvolutionGeometry
  ) -> Step {
    {
      dw.elements.update(repeating: 0, count: dw.shape.count)
      forEachTap(x, dw, dy, geometry) { dw.elements[$1] += x.elements[$0] * dy.elements[$2] }
    }
  }
}
