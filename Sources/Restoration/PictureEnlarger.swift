import Graphs
import Pictures
import VAE

/// How much larger pictures become.
public enum Enlargement: Hashable, Sendable {
  /// Times as many pixels on each side, rounded.
  case factor(Float)
  /// To the largest picture of the same shape that fits into so many pixels.
  case within(width: Int, height: Int)

  /// What pictures may be enlarged by.
  public static let factors = 1...4 as ClosedRange<Float>

  /// A picture's extents after it.
  ///
  /// - Throws: `EnlargementMisfit` where that is no enlargement, or one beyond `factors`.
  package func extents(width: Int, height: Int) throws -> (width: Int, height: Int) {
    switch self {
    case .factor(let factor):
      func times(_ side: Int) -> Int { Int((Float(side) * factor).rounded()) }
      return (times(width), times(height))
    case .within(let widest, let highest):
      // The side that is met first is met exactly.
      let isWide = widest * height <= highest * width
      let result =
        isWide
        ? (widest, Self.rounded(height * widest, over: width))
        : (Self.rounded(width * highest, over: height), highest)
      let longest = Int(Self.factors.upperBound)
      let (own, enlarged) = isWide ? (width, widest) : (height, highest)
      guard enlarged > own && enlarged <= longest * own else {
        throw EnlargementMisfit(box: (widest, highest), picture: (width, height))
      }
      return result
    }
  }

  private static func rounded(_ count: Int, over divisor: Int) -> Int {
    max(1, (2 * count + divisor) / (2 * divisor))
  }
}

/// A picture that does not get into a size by being enlarged up to four times.
public struct EnlargementMisfit: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(box: (width: Int, height: Int), picture: (width: Int, height: Int)) {
    let found = "found \(picture.width)x\(picture.height)"
    let isLarge = picture.width >= box.width || picture.height >= box.height
    description =
      isLarge
      ? "expected a picture smaller than \(box.width)x\(box.height), \(found)"
      : "expected a picture of at least a fourth of \(box.width)x\(box.height), \(found)"
  }
}

/// Enlarges pictures, and first takes off their noise where they have some.
///
/// Models know whole factors: by any other a picture is enlarged by the next whole one, and the result
/// reduced by bicubic convolution. What a model gives is brought to where its own reduction is the picture
/// (`BackProjection`).
package struct PictureEnlarger {
  private let restorer: ConditionalRestorer
  private let denoiser: PictureDenoiser?
  private let wanted: WantedResults

  /// - Parameters:
  ///   - denoiser: gives one result of 16 bits; nil for pictures without noise.
  ///   - tile: as of `ConditionalRestorer`.
  package init(
    _ model: Model, denoiser: PictureDenoiser? = nil, _ wanted: WantedResults, tile: Int? = nil,
    backend: any Backend
  ) throws {
    restorer = try ConditionalRestorer(model, tile: tile, backend: backend)
    self.denoiser = denoiser
    self.wanted = wanted
  }

  /// Tells a handler how far each picture is: without the noise, then enlarged.
  func report(to progress: ProgressHandler?) {
    denoiser?.report(to: progress)
    restorer.report(to: progress)
  }

  /// - Parameters:
  ///   - picture: as `PictureFit.prepared` gives it.
  ///   - noise: what is known of it, for enlargers that have a denoiser.
  ///   - estimated: is told the noise where it was estimated.
  /// - Throws: `EnlargementMisfit`, and what restoring throws.
  package func enlarge(
    _ picture: Picture, _ enlargement: Enlargement,
    _ noise: NoiseDescription = NoiseDescription(.estimated),
    estimated: (EstimatedNoise) -> Void = { _ in }
  ) throws -> RestoredPicture {
    let extents = try enlargement.extents(width: picture.width, height: picture.height)
    var clean = picture
    if let denoiser {
      let result = try denoiser.denoise(picture, noise, estimated: estimated)
      clean.takeColors(of: result.results[0])
    }
    var source = ObservedPicture(clean, channels: restorer.pictureChannels)
    let scale = max(
      2, (extents.width - 1) / picture.width + 1, (extents.height - 1) / picture.height + 1)
    source.enlarge(by: scale)
    var precise = wanted
    precise.depth = 16
    var restored = try restorer.restore(source, precise)
    let depth = picture.isRounded ? wanted.depth ?? picture.depth : nil
    let isWhole = source.extents == extents
    for (index, result) in restored.results.enumerated() {
      let precise = picture.isRounded ? 16 : nil
      let corrected = Profile.measure("projecting back") {
        BackProjection(result, of: clean).result(depth: isWhole ? depth : precise)
      }
      restored.results[index] = isWhole ? corrected : corrected.reduced(to: extents, depth: depth)
    }
    if !isWhole {
      restored.deviation = restored.deviation?.resized(
        width: extents.width, height: extents.height)
    }
    return restored
  }
}

extension Picture {
  /// The colors alone, in other extents, band by band.
  ///
  /// - Parameter depth: bits per sample; nil to keep numbers.
  fileprivate func reduced(to extents: (width: Int, height: Int), depth: Int?) -> Picture {
    let canvas = PictureCanvas(
      channels: channels, height: extents.height, width: extents.width, depth: depth)
    let band = 64
    var numbers = [Float](repeating: 0, count: channels * band * extents.width)
    for top in stride(from: 0, to: extents.height, by: band) {
      let region = Region(
        rows: top..<min(top + band, extents.height), columns: 0..<extents.width)
      numbers.withMutablePlanes(channels: channels, region) { target in
        Resampling.resize(
          rows: region.rows, columns: region.columns, toWidth: extents.width,
          toHeight: extents.height, width: width, height: height, channels: channels,
          into: target.numbers
        ) { channel, row, buffer in
          copyRow(row, columns: 0..<width, channel: channel, to: buffer)
        }
        canvas.insert(target.readOnly)
      }
    }
    return canvas.picture
  }
}
