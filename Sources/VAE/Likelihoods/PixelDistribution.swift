import Graphs
import Tensors

/// p(x|z): independent pixels, as nodes of a graph. Shapes are `[N, C, H, W]`.
package protocol PixelDistribution {
  /// E[x|z], `[N, C, H, W]`.
  var mean: Value { get }
  /// What the decoder gave for the mean: where that is not finite, a mean that saturates would hide it.
  var location: Value { get }
  /// Var[x|z], `[N, C, H, W]`.
  var variance: Value { get }
  /// log p(x|z) of each sample, `[N, C, H, W]`: the logarithm of a density on [0, 1], of discrete
  /// families of a probability.
  ///
  /// - Parameter x: `[N, C, H, W]` in [0, 1].
  func pixelLogDensity(_ x: Value) -> Value

  /// What a draw is made from.
  var drawParameters: [Value] { get }
  /// What the mass of levels is computed from, as many numbers each as samples, or one; nothing of
  /// discrete families.
  var levelParameters: [Value] { get }

  /// The same distribution of other pixels.
  ///
  /// - Parameter body: is given every parameter that there is one of for each sample.
  func mapped(_ body: (Value) -> Value) -> Self
}

extension PixelDistribution {
  package var location: Value { mean }
  package var levelParameters: [Value] { [] }

  /// log p(x|z) of each picture, `[N]`.
  package func logDensity(_ x: Value) -> Value { pixelLogDensity(x).sum([1, 2, 3]) }

  /// The upper left part of the pictures.
  func cropped(height: Int, width: Int) -> Self {
    mapped { $0.cropped(height: height, width: width) }
  }
}

extension Value {
  /// A number that approaches `floor` smoothly where this one goes below it.
  func above(_ floor: Float) -> Value { (self - floor).softplus() + floor }

  /// The upper left part of pictures `[..., H, W]`.
  func cropped(height: Int, width: Int) -> Value {
    let (rows, columns) = (shape.rank - 2, shape.rank - 1)
    var result = self
    if height < shape[rows] { result = result.sliced(axis: rows, 0..<height) }
    if width < shape[columns] { result = result.sliced(axis: columns, 0..<width) }
    return result
  }
}
