import Graphs
import Pictures
import Tensors
import VAE

/// Reads the noise off a whole picture with a model's estimator, piece by piece.
package final class NoiseReader {
  private let reader: NoiseEstimator.Reader
  private let channels: Int

  /// Pieces that are looked at, at most.
  private static let largestCount = 256

  /// - Returns: nil for a model without an estimator.
  package init?(_ model: Model, backend: any Backend) throws {
    guard let estimator = model.noiseEstimator else { return nil }
    channels = estimator.channels
    reader = try NoiseEstimator.Reader(estimator, backend: backend)
  }

  /// - Parameters:
  ///   - region: all of the picture.
  ///   - jpegQuality: of the picture's file; nil where it is none of JPEG or not known.
  ///   - read: writes a region, `[C, h, w]` in about [0, 1], of the model's channels.
  /// - Returns: rounded as it is printed; no noise for a picture that is flat or drawn all over.
  package func noise(
    of region: Region, jpegQuality: Int?,
    read: (MutablePlaneView) throws -> Void
  ) throws -> NoiseModel {
    var whole = Curves()
    var clipped = Curves()
    var pending: [(pixels: [Float], isClipped: Bool)] = []
    func flush() throws {
      let readings = try reader.read(count: pending.count, jpegQuality: jpegQuality) {
        index, target in
        target.copy(pending[index].pixels)
      }
      for (reading, piece) in zip(readings, pending) {
        let brightness = piece.pixels.reduce(0, +) / Float(piece.pixels.count)
        if piece.isClipped {
          clipped.add(reading, brightness: brightness)
        } else {
          whole.add(reading, brightness: brightness)
        }
      }
      pending.removeAll(keepingCapacity: true)
    }
    for piece in Self.pieces(of: region) {
      let pixels = try Self.pixels(of: piece, channels: channels, read: read)
      guard PieceKind(of: pixels, channels: channels) == .photographed else { continue }
      pending.append((pixels, isClipped(pixels)))
      if pending.count == reader.batchSize { try flush() }
    }
    if !pending.isEmpty { try flush() }
    // Black and white cut noise off: such pieces stand for themselves where there are no others.
    let curves = whole.isEmpty ? clipped : whole
    guard let luma = curves.luma.curve() else { return .none }
    return NoiseModel(
      luma: luma, chroma: channels == 3 ? curves.chroma.curve() ?? luma : NoiseModel.Curve(0)
    ).rounded
  }

  /// Of luma and of chroma.
  private struct Curves {
    var luma = NoiseCurveFit()
    var chroma = NoiseCurveFit()

    var isEmpty: Bool { luma.isEmpty }

    mutating func add(_ reading: NoiseEstimator.Reading, brightness: Float) {
      luma.add(reading.luma, brightness: brightness)
      chroma.add(reading.chroma, brightness: brightness)
    }
  }

  /// Evenly spaced pieces, which overlap in a picture whose extents are no multiples of theirs.
  static func pieces(of region: Region) -> [Region] {
    let side = NoiseEstimator.side
    func places(_ range: Range<Int>, _ count: Int) -> [Range<Int>] {
      guard range.count > side else { return [range] }
      let count = max(1, min(count, (range.count + side - 1) / side))
      return (0..<count).map { index in
        let start =
          range.lowerBound
          + (count == 1
            ? (range.count - side) / 2 : index * (range.count - side) / (count - 1))
        return start..<start + side
      }
    }
    // As many along each side as its length asks for.
    let area = Double(largestCount)
    let ratio = Double(region.height) / Double(max(region.width, 1))
    let rows = max(1, Int((area * ratio).squareRoot()))
    let columns = max(1, largestCount / rows)
    return places(region.rows, rows).flatMap { rows in
      places(region.columns, columns).map { Region(rows: rows, columns: $0) }
    }
  }

  /// `[C, 64, 64]`; what is smaller is mirrored at its edges.
  static func pixels(
    of piece: Region, channels: Int,
    read: (MutablePlaneView) throws -> Void
  ) rethrows -> [Float] {
    let side = NoiseEstimator.side
    var source = [Float](repeating: 0, count: channels * piece.area)
    try source.withMutablePlanes(channels: channels, piece, read)
    guard piece.height < side || piece.width < side else { return source }
    var pixels: [Float] = []
    pixels.reserveCapacity(channels * side * side)
    for channel in 0..<channels {
      for row in 0..<side {
        let line = channel * piece.area + (0..<piece.height).mirrored(row) * piece.width
        for column in 0..<side { pixels.append(source[line + (0..<piece.width).mirrored(column)]) }
      }
    }
    return pixels
  }

  /// Whether a tenth of the samples or more are black or white.
  private func isClipped(_ pixels: [Float]) -> Bool {
    10 * pixels.count { $0 <= 0 || $0 >= 1 } >= pixels.count
  }
}
