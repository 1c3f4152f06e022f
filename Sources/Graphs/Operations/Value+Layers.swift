import Tensors

extension Value {
  /// `x w^T + b`: x `[N, I]`, w `[O, I]`, b `[O]` -> `[N, O]`.
  package func dense(_ weight: Value, _ bias: Value? = nil) -> Value {
    precondition(shape.rank == 2 && weight.shape.rank == 2 && weight.shape[1] == shape[1])
    precondition(bias == nil || bias?.shape == [weight.shape[0]])
    return graph.value(
      .dense, [self, weight] + (bias.map { [$0] } ?? []), [shape[0], weight.shape[0]])
  }

  /// The matrix product of `[M, K]` and `[K, N]`, either transposed on request.
  package func times(
    _ other: Value, transposingSelf: Bool = false, transposingOther: Bool = false
  ) -> Value {
    precondition(shape.rank == 2 && other.shape.rank == 2)
    let (m, k) = transposingSelf ? (shape[1], shape[0]) : (shape[0], shape[1])
    let (l, n) =
      transposingOther ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
    precondition(k == l, "inner extents \(k) and \(l) differ")
    return graph.value(
      .matrixProduct(transposeA: transposingSelf, transposeB: transposingOther), [self, other],
      [m, n])
  }

  /// Cross-correlation of `[N, C, H, W]` with w `[O, C/groups, kh, kw]`, b `[O]`.
  package func convolution(
    _ weight: Value, _ bias: Value? = nil, _ geometry: ConvolutionGeometry = ConvolutionGeometry()
  ) -> Value {
    precondition(shape.rank == 4 && weight.shape.rank == 4)
    precondition(shape[1] == weight.shape[1] * geometry.groups)
    precondition(weight.shape[0] % geometry.groups == 0)
    precondition(bias == nil || bias?.shape == [weight.shape[0]])
    let (h, w) = geometry.outputExtent(
      height: shape[2], width: shape[3], kernelHeight: weight.shape[2],
      kernelWidth: weight.shape[3])
    precondition(h > 0 && w > 0, "a picture of \(shape) is smaller than the kernel")
    return graph.value(
      .convolution(geometry), [self, weight] + (bias.map { [$0] } ?? []),
      [shape[0], weight.shape[0], h, w])
  }

  /// Transposed convolution of `[N, I, H', W']` with w `[I, O/groups, kh, kw]`, b `[O]`, to
  /// `[N, O, H, W]`: the adjoint of the convolution that makes `H' x W'` out of `height` x `width`.
  package func transposedConvolution(
    _ weight: Value, _ bias: Value? = nil, _ geometry: ConvolutionGeometry, height: Int, width: Int
  ) -> Value {
    precondition(shape.rank == 4 && weight.shape.rank == 4 && shape[1] == weight.shape[0])
    let channels = weight.shape[1] * geometry.groups
    precondition(bias == nil || bias?.shape == [channels])
    let (h, w) = geometry.outputExtent(
      height: height, width: width, kernelHeight: weight.shape[2], kernelWidth: weight.shape[3])
    precondition(
      h == shape[2] && w == shape[3], "a convolution of \(height) x \(width) gives \(h) x \(w)")
    return graph.value(
      .convolutionTransposed(geometry), [self, weight] + (bias.map { [$0] } ?? []),
      [shape[0], channels, height, width])
  }

  /// `[N, C r r, H, W] -> [N, C, H r, W r]`.
  package func pixelShuffled(_ factor: Int) -> Value {
    precondition(shape.rank == 4 && shape[1] % (factor * factor) == 0)
    return graph.value(
      .pixelShuffle(factor: factor), [self],
      [shape[0], shape[1] / (factor * factor), shape[2] * factor, shape[3] * factor])
  }

  /// `[N, C, H r, W r] -> [N, C r r, H, W]`.
  package func pixelUnshuffled(_ factor: Int) -> Value {
    precondition(shape.rank == 4 && shape[2] % factor == 0 && shape[3] % factor == 0)
    return graph.value(
      .pixelUnshuffle(factor: factor), [self],
      [shape[0], shape[1] * factor * factor, shape[2] / factor, shape[3] / factor])
  }

  /// Each pixel repeated `factor` times in both directions.
  package func upsampledNearest(_ factor: Int) -> Value {
    precondition(shape.rank == 4)
    return graph.value(
      .upsampleNearest(factor: factor), [self],
      [shape[0], shape[1], shape[2] * factor, shape[3] * factor])
  }

  /// Sums over squares of `factor` by `factor` pixels.
  package func sumPooled(_ factor: Int) -> Value {
    precondition(shape.rank == 4 && shape[2] % factor == 0 && shape[3] % factor == 0)
    return graph.value(
      .sumPool(factor: factor), [self],
      [shape[0], shape[1], shape[2] / factor, shape[3] / factor])
  }
}
