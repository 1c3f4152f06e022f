import Files
import ImageCodecs
import Pictures
import Tensors

/// What a look at pictures says of them, before it is settled what becomes of them: the headers of all
/// files, and the samples of some.
package struct PictureSurvey: Hashable, Sendable {
  /// In pixels.
  package struct Extents: Hashable, Sendable {
    package var width: Int
    package var height: Int

    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  /// Usable pictures.
  package var count: Int
  /// The extents that most pictures have; of equally many the largest.
  package var commonest: Extents
  /// Whether all pictures have the commonest extents.
  package var isOfOneSize: Bool
  /// Those in the middle, each side by itself: half of the pictures are not larger.
  package var median: Extents
  /// Whether any picture that was looked at shows color.
  package var isColored: Bool
  /// Whether any picture that was looked at is transparent somewhere.
  package var isTransparent: Bool
  /// The share of all samples that are nearly black or white: within an eighth of 255 levels of the ends.
  package var extremeShare: Double
  /// The share of neighbors that are equal: near 0 in photographs, more than half in drawings.
  package var equalShare: Double

  package init(
    count: Int, commonest: Extents, isOfOneSize: Bool, median: Extents, isColored: Bool,
    isTransparent: Bool, extremeShare: Double, equalShare: Double
  ) {
    self.count = count
    self.commonest = commonest
    self.isOfOneSize = isOfOneSize
    self.median = median
    self.isColored = isColored
    self.isTransparent = isTransparent
    self.extremeShare = extremeShare
    self.equalShare = equalShare
  }

  /// Pictures that are looked at, and of large ones the pixels.
  private static let looks = (pictures: 64, pixels: 1 << 26)

  /// - Parameters:
  ///   - options: for limits, and what shows through transparent pixels.
  /// - Throws: `FileError` where a path is missing or no picture is usable. What cannot be read is passed
  ///   over: it is reported when the data set is opened.
  package init(_ paths: [String], options: DatasetOptions = DatasetOptions()) throws {
    let opening = try DatasetOpening(paths, surveying: options)
    let items = opening.items
    count = items.count
    var counts: [Extents: Int] = [:]
    for item in items { counts[Extents(width: item.width, height: item.height), default: 0] += 1 }
    let ranked = counts.sorted {
      ($0.value, $0.key.width * $0.key.height, $0.key.width)
        > ($1.value, $1.key.width * $1.key.height, $1.key.width)
    }
    commonest = ranked[0].key
    isOfOneSize = ranked.count == 1
    median = Extents(
      width: items.map(\.width).sorted()[items.count / 2],
      height: items.map(\.height).sorted()[items.count / 2])

    var tally = Tally()
    let looked = min(
      items.count,
      max(8, min(Self.looks.pictures, Self.looks.pixels / (median.width * median.height))))
    let decoder = opening.decoder
    let tallies = parallelMap((0..<looked).map { items[$0 * items.count / looked] }) { item in
      var tally = Tally()
      if let image = try? decoder.picture(item) { tally.add(Picture(image), options.background) }
      return tally
    }
    for other in tallies { tally.add(other) }
    isColored = tally.isColored
    isTransparent = tally.isTransparent
    extremeShare = tally.samples == 0 ? 0 : Double(tally.extremes) / Double(tally.samples)
    equalShare = tally.pairs == 0 ? 0 : Double(tally.equal) / Double(tally.pairs)
  }

  /// Sums over the pictures that are looked at.
  private struct Tally: Sendable {
    var isColored = false
    var isTransparent = false
    var samples = 0
    var extremes = 0
    var pairs = 0
    var equal = 0

    private static let extreme: Float = 0.125
    /// Channels of a gray picture in color differ no more, whatever JPEG does to them.
    private static let chroma: Float = 6.5 / 255
    /// Pixels of a picture that are looked at, at most about.
    private static let pixels = 1 << 16

    mutating func add(_ other: Tally) {
      isColored = isColored || other.isColored
      isTransparent = isTransparent || other.isTransparent
      samples += other.samples
      extremes += other.extremes
      pairs += other.pairs
      equal += other.equal
    }

    mutating func add(_ picture: Picture, _ background: Float) {
      let (channels, height, width) = (picture.channels, picture.height, picture.width)
      isTransparent = isTransparent || picture.alpha?.contains { $0 < 1 } ?? false
      let numbers = picture.pixels
      let area = height * width
      // Rows spread over the picture, whole, so that neighbors are neighbors.
      let step = max(1, area / Self.pixels)
      for row in stride(from: 0, to: height, by: step) {
        var former: (Float, Float, Float)?
        for column in 0..<width {
          let place = row * width + column
          let cover = picture.alpha?[place] ?? 1
          func number(_ channel: Int) -> Float {
            let number = numbers[(channel < channels ? channel : 0) * area + place]
            return cover * number + (1 - cover) * background
          }
          let pixel = (number(0), number(1), number(2))
          let (low, high) = (
            min(pixel.0, pixel.1, pixel.2), max(pixel.0, pixel.1, pixel.2)
          )
          if high - low > Self.chroma { isColored = true }
          samples += 1
          if high < Self.extreme || low > 1 - Self.extreme { extremes += 1 }
          if let former {
            pairs += 1
            if former == pixel { equal += 1 }
          }
          former = pixel
        }
      }
    }
  }
}

extension PictureSurvey {
  /// "3,583 pictures of 128x128 in color".
  package var words: String {
    let sizes =
      isOfOneSize ? "of \(commonest.words)" : "of several sizes, most of them \(commonest.words)"
    return "\(grouped(count)) pictures \(sizes)" + (isColored ? " in color" : "")
      + (isTransparent ? ", partly transparent" : "")
  }
}

extension PictureSurvey.Extents {
  package var words: String { "\(width)x\(height)" }
}
