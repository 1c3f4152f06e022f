import Platform

/// What a conditional model is told of an observation beside its pixels: a plane for each of `all`, in the order
/// of the constants below.
///
/// Noise levels are standard deviations on the scale 0...1 in the orthonormal opponent basis
/// Y = (R + G + B) / √3, C₁ = (R - B) / √2, C₂ = (R - 2G + B) / √6. Independent noise of one level
/// in R, G and B has that level in luma and chroma; the same noise in all three has √3 times its
/// level in luma and none in chroma. Where noise depends on the signal, levels differ from pixel
/// to pixel. A picture of one channel has a luma level only.
///
/// Where everything is hidden the observation is 0.5 and all maps are 0.
public enum ConditionMaps {
  /// What both noise maps are where the noise's level is unknown.
  package static let unknown: Float = -0.1

  /// The number of maps.
  package static var count: Int { all.count }
  /// 1 where the pixel was seen, 0 where it is hidden.
  package static let seen = 0
  /// The noise level of Y; 0 at hidden pixels.
  package static let lumaNoise = 1
  /// The noise level of C₁ and C₂; 0 at hidden pixels.
  package static let chromaNoise = 2
  /// `scaleLevel`, everywhere.
  package static let scale = 3
  /// `jpegLevel`, everywhere.
  package static let jpeg = 4

  /// The luma level over the level per channel, where three channels hold the same noise: √3.
  package static let repeatedNoiseFactor: Float = 1.732_050_8

  /// log₂(s) / 2 for a picture that was scaled down `scale` times: 0, 0.5, 0.79, 1 for 1, 2, 3, 4.
  package static func scaleLevel(_ scale: Float) -> Float { log2f(scale) / 2 }

  /// (100 - quality) / 100 for a picture from a JPEG file, 0 without a quality.
  package static func jpegLevel(quality: Int?) -> Float {
    quality.map { Float(100 - $0) / 100 } ?? 0
  }
}
