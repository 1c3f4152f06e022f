import Pictures

/// Brings an enlarged picture to where its bicubic reduction is the picture that was enlarged: iterative
/// back-projection (Irani and Peleg 1991).
///
/// With D the reduction and U the enlargement, both bicubic, y the small picture and x the large one, a correction
/// e begins as y - D x and becomes e + y - D(x + U e); the result is x + U e.
struct BackProjection {
  /// y.
  private let small: Picture
  /// x.
  private let large: Picture

  /// How many corrections are made; more bring 0.005 dB at most (Set5, Set14).
  private static let iterations = 2
  /// Pixels of the large picture that are in memory as numbers at a time.
  private let bandArea: Int

  /// - Precondition: the pictures have as many channels, and the large one's sides are whole multiples of the small
  ///   one's.
  init(_ large: Picture, of small: Picture, bandArea: Int = 1 << 19) {
    precondition(large.channels == small.channels, "pictures of as many channels")
    precondition(
      large.width % small.width == 0 && large.height % small.height == 0, "a whole factor")
    (self.large, self.small, self.bandArea) = (large, small, bandArea)
  }

  /// The large picture, corrected. No row depends on how the picture is cut into bands.
  ///
  /// - Parameter depth: bits per sample; nil to keep numbers.
  func result(depth: Int?) -> Picture {
    let canvas = PictureCanvas(
      channels: large.channels, height: large.height, width: large.width, depth: depth)
    let band = max(1, bandArea / large.width)
    for top in stride(from: 0, to: large.height, by: band) {
      let rows = top..<min(top + band, large.height)
      let error = error(in: Self.span(of: rows, from: small, to: large))
      var piece = PictureRows(of: large, rows)
      piece.combine(error.resampled(rows, like: large)) { $0 += $1 }
      piece.withPlanes { canvas.insert($0) }
    }
    return canvas.picture
  }

  /// e in some rows of the small picture.
  private func error(in rows: Range<Int>) -> PictureRows {
    // The rows that each iteration needs of the one before.
    var needed = [rows]
    for _ in 1..<Self.iterations {
      let above = Self.span(of: needed[0], from: large, to: small)
      needed.insert(Self.span(of: above, from: small, to: large), at: 0)
    }
    let first = needed.removeFirst()
    var residual = PictureRows(of: small, first)
    let seen = PictureRows(of: large, Self.span(of: first, from: large, to: small))
    residual.combine(seen.resampled(first, like: small)) { $0 -= $1 }
    var error = residual
    for rows in needed {
      let above = Self.span(of: rows, from: large, to: small)
      var next = error.resampled(above, like: large).resampled(rows, like: small)
      next.combine(residual) { $0 = $1 - $0 }
      next.combine(error) { $0 += $1 }
      error = next
    }
    return error
  }

  /// The rows of one picture that rows of the other are made of.
  private static func span(
    of rows: Range<Int>, from source: Picture, to target: Picture
  ) -> Range<Int> {
    ResamplingAxis(from: source.height, to: target.height, window: rows, kernel: .bicubic).span
  }
}

/// Some rows of a picture as numbers.
private struct PictureRows {
  /// Of the whole picture.
  private let height: Int
  private let channels: Int
  private let region: Region
  private var numbers: [Float]

  private init(_ rows: Range<Int>, like picture: Picture) {
    (height, channels) = (picture.height, picture.channels)
    region = Region(rows: rows, columns: 0..<picture.width)
    numbers = [Float](repeating: 0, count: channels * region.area)
  }

  init(of picture: Picture, _ rows: Range<Int>) {
    self.init(rows, like: picture)
    numbers.withMutablePlanes(channels: channels, region) { picture.read(into: $0) }
  }

  func withPlanes(_ body: (PlaneView) -> Void) {
    numbers.withPlanes(channels: channels, region, body)
  }

  /// Rows in the extents of a picture, by bicubic convolution.
  ///
  /// - Precondition: all that they are made of is here.
  func resampled(_ rows: Range<Int>, like picture: Picture) -> PictureRows {
    var result = PictureRows(rows, like: picture)
    withPlanes { source in
      result.numbers.withMutablePlanes(channels: channels, result.region) { target in
        Resampling.resize(
          rows: rows, columns: target.region.columns, toWidth: picture.width,
          toHeight: picture.height, width: region.width, height: height, channels: channels,
          into: target.numbers
        ) { channel, row, buffer in
          _ = buffer.update(
            fromContentsOf: source.row(row, columns: region.columns, channel: channel))
        }
      }
    }
    return result
  }

  /// Changes every number by that of other rows at its place.
  ///
  /// - Precondition: the other ones hold all of these.
  mutating func combine(_ other: PictureRows, _ change: (inout Float, Float) -> Void) {
    let (channels, region) = (channels, region)
    other.withPlanes { source in
      numbers.withMutablePlanes(channels: channels, region) { target in
        for channel in 0..<channels {
          for row in region.rows {
            let own = target.row(row, columns: region.columns, channel: channel)
            let others = source.row(row, columns: region.columns, channel: channel)
            for column in own.indices { change(&own[column], others[column]) }
          }
        }
      }
    }
  }
}
