/// The noise on a picture, as standard deviations on the picture's own scale.
///
/// Noise of a color picture is told in the orthonormal opponent basis Y = (R + G + B) / sqrt 3,
/// C1 = (R - B) / sqrt 2, C2 = (R - 2G + B) / sqrt 6. Independent noise of one deviation in every
/// channel has that deviation along each axis; gray noise of deviation s, the same in all
/// channels, has a luma of sqrt 3 s and no chroma.
public struct NoiseLevel: Hashable, Sendable {
  /// Along Y; of a picture that is not RGB, the root mean square over its channels.
  public var luma: Float
  /// Along C1 and C2, the root mean square of both; 0 of a picture that is not RGB.
  public var chroma: Float

  public init(luma: Float, chroma: Float = 0) {
    self.luma = luma
    self.chroma = chroma
  }

  /// The root mean square over red, green and blue.
  public var perChannel: Float { ((luma * luma + 2 * chroma * chroma) / 3).squareRoot() }
}
