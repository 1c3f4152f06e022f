import Pictures
import Platform
import Tensors
import VAE

extension ConditionalRestorer {
  /// Restores a picture, or draws samples of what it may be.
  ///
  /// - Parameter strength: how much of the change is made, 0 to 1.
  package func restore(
    _ source: ObservedPicture, _ wanted: WantedResults, strength: Float = 1
  ) throws -> RestoredPicture {
    let damaged = source.damaged
    // The samples, and a file of them.
    let depth = source.picture.isRounded ? wanted.depth ?? source.picture.depth : 32
    try Memory.require(
      damaged.height, damaged.width, source.picture.channels, wanted.count, elements: 2 * depth / 8,
      for: "results of \(damaged.width)x\(damaged.height)")
    let results = (0..<wanted.count).map { _ in
      PictureCanvas(
        channels: source.picture.channels, height: damaged.height, width: damaged.width,
        depth: source.picture.isRounded ? depth : nil)
    }
    let delivery = ResultDelivery(source, strength: strength)
    var map = wanted.deviation ? DeviationMap(height: damaged.height, width: damaged.width) : nil
    let isPredicted = map != nil && predictsError
    if wanted.samples == nil || isPredicted {
      try restore(
        damaged, ensemble: wanted.ensemble,
        deviation: isPredicted ? { map?.insert($1, $0) } : nil
      ) { region, pixels in
        guard wanted.samples == nil else { return }
        delivery.of(pixels, region) { results[0].insert($0) }
      }
    }
    let needed = map == nil || isPredicted ? nil : WantedResults.samplesOfDeviation
    if let count = wanted.samples ?? needed {
      try samples(damaged, count: count, seed: wanted.seed) { sample, region, pixels in
        try delivery.of(pixels, region) {
          if wanted.samples != nil { results[sample].insert($0) }
          if !isPredicted { try map?.insert($0, sample: sample, of: count) }
        }
      }
    }
    return RestoredPicture(results: results.map(\.picture), deviation: map?.deviation)
  }
}

/// Makes of a piece that a model restored a piece of the result: the mean of its channels where the
/// picture is gray, and of the change as much as is asked for, less at the soft edges of a mask.
private struct ResultDelivery {
  private let source: ObservedPicture
  private let strength: Float
  /// `[1, H, W]`, 0 where a pixel is seen; nil where what is hidden is replaced altogether.
  private let weights: Tensor?

  init(_ source: ObservedPicture, strength: Float) {
    (self.source, self.strength) = (source, strength)
    let hidden = source.isEnlarged ? nil : source.hidden
    weights = hidden.flatMap { mask in mask.elements.contains { $0 > 0 && $0 < 1 } ? mask : nil }
  }

  /// - Parameter pixels: `[C, h, w]` of the model's channels; `body` has the picture's.
  func of(
    _ pixels: UnsafeBufferPointer<Float>, _ region: Region, _ body: (PlaneView) throws -> Void
  ) rethrows {
    guard strength < 1 || weights != nil else { return try gray(pixels, region, body) }
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: pixels.count) { mixed in
      mixed.initialize(repeating: 0)
      source.readObservation(
        MutablePlaneView(mixed, channels: mixed.count / region.area, region: region))
      if let weights {
        mix(mixed, pixels, weights, region)
      } else {
        for place in mixed.indices { mixed[place] += strength * (pixels[place] - mixed[place]) }
      }
      try gray(UnsafeBufferPointer(mixed), region, body)
    }
  }

  /// Where a pixel is hidden, mixes by its weight; where it is seen, takes what the model returned.
  private func mix(
    _ mixed: UnsafeMutableBufferPointer<Float>, _ pixels: UnsafeBufferPointer<Float>,
    _ weights: Tensor, _ region: Region
  ) {
    weights.withPlanes { planes in
      for (line, row) in region.rows.enumerated() {
        for (column, hidden) in planes.row(row, columns: region.columns, channel: 0).enumerated() {
          let weight = strength * (hidden > 0 ? hidden : 1)
          let pixel = line * region.width + column
          for place in stride(from: pixel, to: mixed.count, by: region.area) {
            // Exactly what is known, where nothing else is mixed in.
            mixed[place] =
              weight == 1
              ? pixels[place] : mixed[place] + weight * (pixels[place] - mixed[place])
          }
        }
      }
    }
  }

  private func gray(
    _ pixels: UnsafeBufferPointer<Float>, _ region: Region, _ body: (PlaneView) throws -> Void
  ) rethrows {
    let area = region.area
    guard pixels.count == 3 * area && source.picture.channels == 1 else {
      return try body(PlaneView(pixels, channels: pixels.count / max(area, 1), region: region))
    }
    try withUnsafeTemporaryAllocation(of: Float.self, capacity: area) { mean in
      for pixel in 0..<area {
        mean.initializeElement(
          at: pixel, to: (pixels[pixel] + pixels[area + pixel] + pixels[2 * area + pixel]) / 3)
      }
      try body(PlaneView(UnsafeBufferPointer(mean), channels: 1, region: region))
    }
  }
}

/// The standard deviation of results that come region by region, predicted or over samples: the root mean
/// square of those of the channels.
private struct DeviationMap {
  private(set) var deviation: Tensor
  /// Of the samples so far (Welford 1962), `[C, H, W]`; none where the deviation is predicted.
  private var mean: Tensor?
  private var squares: Tensor?

  init(height: Int, width: Int) { deviation = Tensor([1, height, width]) }

  /// - Parameter piece: what is predicted of a region, `[1, h, w]`.
  mutating func insert(_ piece: UnsafeBufferPointer<Float>, _ region: Region) {
    deviation.withMutablePlanes { target in
      for row in region.rows {
        let line = target.row(row, columns: region.columns, channel: 0)
        let first = region.offset(row: row, column: region.columns.lowerBound)
        for column in line.indices { line[column] = piece[first + column] }
      }
    }
  }

  /// - Parameters:
  ///   - piece: of a region; its samples come in the order of their numbers.
  ///   - sample: its number, from 0, of `count`.
  mutating func insert(_ piece: PlaneView, sample: Int, of count: Int) throws {
    let (height, width) = (deviation.shape[1], deviation.shape[2])
    if mean == nil {
      try Memory.require(
        piece.channels, height, width, elements: 8, for: "mean and deviation of samples")
      mean = Tensor([piece.channels, height, width])
      squares = mean
    }
    let weight = 1 / Float(sample + 1)
    mean?.withMutablePlanes { mean in
      squares?.withMutablePlanes { squares in
        for channel in 0..<piece.channels {
          for row in piece.region.rows {
            let numbers = piece.row(row, columns: piece.region.columns, channel: channel)
            let means = mean.row(row, columns: piece.region.columns, channel: channel)
            let sums = squares.row(row, columns: piece.region.columns, channel: channel)
            for column in numbers.indices {
              let difference = numbers[column] - means[column]
              means[column] += difference * weight
              sums[column] += difference * (numbers[column] - means[column])
            }
          }
        }
      }
    }
    if sample == count - 1 { finish(piece.region, channels: piece.channels, count: count) }
  }

  /// The root of the channels' mean variance, in which one less than the number of samples divides.
  private mutating func finish(_ region: Region, channels: Int, count: Int) {
    let divisor = Float(max(count - 1, 1) * channels)
    squares?.withMutablePlanes { squares in
      deviation.withMutablePlanes { target in
        for row in region.rows {
          let line = target.row(row, columns: region.columns, channel: 0)
          line.update(repeating: 0)
          for channel in 0..<channels {
            let sums = squares.row(row, columns: region.columns, channel: channel)
            for column in line.indices { line[column] += sums[column] }
          }
          for column in line.indices { line[column] = (line[column] / divisor).squareRoot() }
        }
      }
    }
  }
}
