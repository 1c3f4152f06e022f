import Tensors

/// What is seen of a picture x: `known` pixels of y = x + noise.
package struct Observation: Hashable, Sendable {
  /// y, `[C, H, W]` on the [0, 1] scale; numbers outside are fine. What is not known is ignored.
  package let pixels: Tensor
  /// 1 where y is seen, 0 where it is not, `[C, H, W]`; nil where all is seen.
  package let known: Tensor?
  /// The standard deviation of the Gaussian noise on y on the [0, 1] scale; 0 for none.
  package let noiseDeviation: Float

  /// - Precondition: the shapes are equal and the deviation is not negative.
  package init(pixels: Tensor, known: Tensor? = nil, noiseDeviation: Float = 0) {
    precondition(known == nil || known?.shape == pixels.shape, "a mask of the picture's shape")
    precondition(noiseDeviation >= 0, "a standard deviation")
    // What is not known may be anything, a NaN too, and must not reach a sum.
    self.pixels =
      known.map { mask in
        Tensor(
          pixels.shape, zip(pixels.elements, mask.elements).map { $1 > 0 ? $0 : 0 })
      } ?? pixels
    self.known = known
    self.noiseDeviation = noiseDeviation
  }
}
