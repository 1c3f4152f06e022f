import Tensors

/// What a node of a graph computes from its inputs.
///
/// Shapes are those of the node's inputs and result; all tensors are in C order. The plain-Swift
/// loops in `Reference/` are the specification of every case.
package enum Operation: Hashable, Sendable {
  /// Filled by the caller before a run.
  case input(name: String)
  /// A slice of the parameter store.
  case parameter(name: String)
  /// One number everywhere.
  case constant(Float)
  /// Numbers that are known when the graph is made, in C order.
  case tensor([Float])

  /// `y = x w^T + b`: x `[N, I]`, w `[O, I]`, b `[O]` (where given as third input) -> `[N, O]`.
  case dense
  /// `op(a) op(b)` of two matrices; op transposes where asked. Result `[M, N]`.
  case matrixProduct(transposeA: Bool, transposeB: Bool)

  /// Cross-correlation: x `[N, C, H, W]`, w `[O, C/groups, kh, kw]`, b `[O]` (optional) ->
  /// `[N, O, H', W']`, H' = (H + top + bottom - dilation (kh - 1) - 1) / stride + 1.
  case convolution(ConvolutionGeometry)
  /// The adjoint of `convolution` in x: dy `[N, O, H', W']`, w `[O, C/groups, kh, kw]`, b `[C]`
  /// (optional, added to every pixel) -> `[N, C, H, W]`. With a weight read as `[in, out, kh, kw]`
  /// this is the transposed convolution.
  case convolutionTransposed(ConvolutionGeometry)
  /// The adjoint of `convolution` in w: x `[N, C, H, W]`, dy `[N, O, H', W']` ->
  /// `[O, C/groups, kh, kw]`.
  case convolutionWeightGradient(ConvolutionGeometry)

  /// A function of each element.
  case unary(UnaryFunction)
  /// `dy * f'`: inputs dy and the function's `gradientOperand`.
  case unaryGradient(UnaryFunction)
  /// `x * scale + offset`, each element.
  case affine(scale: Float, offset: Float)
  /// A function of two elements at the same place; the shapes are equal.
  case binary(BinaryFunction)
  /// A function of one to three elements at the same place; the shapes are equal.
  case special(SpecialFunction)

  /// Repeats along axes of extent 1 (aligned at the last axis, as NumPy does).
  case broadcast
  /// Sums, largest elements along `axes`, which stay with extent 1.
  case reduce(Reduction, axes: [Int])

  /// The same elements under another shape.
  case reshape
  /// Axis i of the result is axis `axes[i]` of the input.
  case permute(axes: [Int])
  /// All inputs one after another along an axis.
  case concatenate(axis: Int)
  /// `start ..< start + extent of the result` along an axis.
  case slice(axis: Int, start: Int)
  /// The adjoint of `slice`: zeros before (`start` of them) and after along an axis.
  case pad(axis: Int, start: Int)

  /// `[N, C r r, H, W] -> [N, C, H r, W r]`; channel c r r + i r + j goes to row i, column j of
  /// its cell (Shi et al. 2016).
  case pixelShuffle(factor: Int)
  /// The inverse of `pixelShuffle`.
  case pixelUnshuffle(factor: Int)
  /// Each pixel repeated in a square: `[N, C, H, W] -> [N, C, H f, W f]`.
  case upsampleNearest(factor: Int)
  /// The adjoint of `upsampleNearest`: sums over squares.
  case sumPool(factor: Int)

  /// Rows `start ..< start + extent of the result` of one or two pictures `[N, C, H, W]`, the second below the
  /// first. No gradient.
  case stackedRows(start: Int)
  /// The same, where the result may stand in the memory of the first.
  case keptRows(start: Int)

  /// The identity, with no gradient.
  case stopGradient
}

/// Strides, padding (zeros), dilation and groups of a convolution.
package struct ConvolutionGeometry: Hashable, Sendable {
  /// Rows and columns between two places of the kernel.
  package var stride: Int
  /// Rows of zeros above and below, columns left and right.
  package var padding: Padding
  /// Distance between two taps of the kernel.
  package var dilation: Int
  /// Independent groups of channels.
  package var groups: Int
  /// Whether `MinimalFiltering.exceptLocal` leaves this convolution out.
  package var isLocal = false

  package struct Padding: Hashable, Sendable {
    package var top: Int, bottom: Int, left: Int, right: Int
    package init(top: Int, bottom: Int, left: Int, right: Int) {
      self.top = top
      self.bottom = bottom
      self.left = left
      self.right = right
    }
    package init(_ all: Int) { self.init(top: all, bottom: all, left: all, right: all) }
  }

  package init(stride: Int = 1, padding: Padding = Padding(0), dilation: Int = 1, groups: Int = 1) {
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  package init(stride: Int = 1, padding: Int, dilation: Int = 1, groups: Int = 1) {
    self.init(stride: stride, padding: Padding(padding), dilation: dilation, groups: groups)
  }

  /// Rows and columns of the result for a picture of `height` x `width` and a kernel.
  package func outputExtent(
    height: Int, width: Int, kernelHeight: Int, kernelWidth: Int
  ) -> (height: Int, width: Int) {
    let h = height + padding.top + padding.bottom - dilation * (kernelHeight - 1) - 1
    let w = width + padding.left + padding.right - dilation * (kernelWidth - 1) - 1
    return (h < 0 ? 0 : h / stride + 1, w < 0 ? 0 : w / stride + 1)
  }
}

/// A function of one number.
package enum UnaryFunction: Hashable, Sendable {
  case negate
  case exp
  case log
  case sqrt
  case square
  case reciprocal
  case absolute
  case sine
  case cosine
  case tanh
  /// 1 / (1 + exp(-x))
  case sigmoid
  /// log(1 + exp(x)), without overflow
  case softplus
  case relu
  /// x for x > 0, `slope` x otherwise
  case leakyRelu(slope: Float)
  /// x for x > 0, exp(x) - 1 otherwise
  case elu
  /// x sigmoid(x)
  case silu
  /// x Phi(x), in the tanh form (Hendrycks and Gimpel 2016)
  case gelu
  /// min(max(x, lower), upper); the gradient is that of x inside and 0 outside
  case clamp(lower: Float, upper: Float)

  /// What `unaryGradient` takes beside dy.
  package enum GradientOperand: Sendable {
    /// The function's argument x.
    case argument
    /// The function's value y = f(x).
    case value
  }

  /// Whether the derivative is computed from the argument or from the value.
  package var gradientOperand: GradientOperand {
    switch self {
    case .exp, .sqrt, .reciprocal, .tanh, .sigmoid, .relu, .elu: .value
    case .negate, .log, .square, .absolute, .sine, .cosine, .softplus, .leakyRelu, .silu, .gelu,
      .clamp:
      .argument
    }
  }
}

/// A function of two numbers.
package enum BinaryFunction: Hashable, Sendable {
  case add
  case subtract
  case multiply
  case divide
  case minimum
  case maximum
  /// 1 where a > b, 0 elsewhere; no gradient.
  case greater
}

/// How `reduce` joins numbers.
package enum Reduction: Hashable, Sendable {
  case sum
  /// No gradient (it serves to keep log-sum-exp in range).
  case maximum
}
