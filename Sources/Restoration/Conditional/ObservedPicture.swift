import Datasets
import Graphs
import Pictures
import Tensors

/// A picture and what is known of its damage, as a conditional model reads them.
package struct ObservedPicture {
  package let picture: Picture
  /// The model's channels: a gray picture is repeated for a color model.
  package let channels: Int
  package var levels = DamageLevels()
  /// Noise of every pixel, `[1, H, W]` on the scale 0...1; nil for that of `levels`.
  package var sigmaMap: Tensor?
  /// Noise that depends on the brightness; nil for that of `levels`.
  private var noiseCurve: (model: NoiseModel, brightness: BrightnessGrid)?
  /// Pixels that tell nothing and are restored as holes; nil for none.
  private var impulses: Impulses?
  /// `[1, H, W]`, not 0 where a pixel is hidden: how much of what is made for it shows, up to 1.
  package var hidden: Tensor?
  /// What the picture is enlarged to first, in pixels.
  private(set) var extents: (width: Int, height: Int)

  package init(_ picture: Picture, channels: Int) {
    self.picture = picture
    self.channels = channels
    extents = (picture.width, picture.height)
  }

  var isEnlarged: Bool { extents != (picture.width, picture.height) }

  /// Has the picture enlarged by bicubic convolution before the model sees it, and tells it so.
  mutating func enlarge(by scale: Int) {
    extents = (picture.width * scale, picture.height * scale)
    levels.scale = Float(scale)
  }

  /// Whether all channels are the same, and so is their noise.
  package var isRepeatedGray: Bool { channels == 3 && picture.isGray }

  /// The noise of a standard deviation in every channel of the picture, on the scale 0...1.
  package func noise(_ sigma: Float) -> NoiseLevel {
    isRepeatedGray
      ? NoiseLevel(luma: sigma * ConditionMaps.repeatedNoiseFactor)
      : NoiseLevel(luma: sigma, chroma: channels == 3 ? sigma : 0)
  }

  /// Whether the picture was drawn rather than photographed, and holds no noise.
  func isDrawn() -> Bool {
    PieceKind.isDrawn(picture.region, channels: channels) { readPicture($0) }
  }

  /// Finds single pixels that tell nothing, which are then restored as holes.
  mutating func hideImpulses() {
    let found = Profile.measure("finding impulses") {
      Impulses(in: picture.region, channels: picture.channels) { picture.read(into: $0) }
    }
    impulses = found.count > 0 ? found : nil
  }

  /// Reads the noise off the picture with a model's estimator. Impulses are found first, which are then
  /// restored as holes; a drawing has none, whose dots are meant, and no noise.
  mutating func readNoise(_ reader: NoiseReader) throws -> NoiseModel {
    if isDrawn() { return .none }
    hideImpulses()
    let noise = try noise(by: reader)
    let white = noise.whiteWhereEqual(to: estimatedNoise())
    return white == noise ? noise.raised : white
  }

  /// What the estimator says; what was found to be impulses is not taken for noise.
  private func noise(by reader: NoiseReader) throws -> NoiseModel {
    try Profile.measure("reading the noise") {
      try reader.noise(of: picture.region, jpegQuality: levels.jpegQuality) { pixels in
        let region = pixels.region
        readPicture(pixels)
        impulses?.forEach(in: region) { row, column, medians in
          let place = region.offset(row: row, column: column)
          for channel in 0..<channels {
            pixels[channel * region.area + place] = medians[min(channel, medians.count - 1)]
          }
        }
      }
    }
  }

  /// Tells the model of the noise.
  mutating func tell(_ noise: NoiseModel) {
    levels.lumaNoise = noise.luma.nodes[1]
    levels.chromaNoise = channels == 1 || isRepeatedGray ? 0 : noise.chroma.nodes[1]
    guard !noise.isConstant else { return }
    noiseCurve = (
      noise,
      BrightnessGrid(of: picture.region, channels: channels) { readPicture($0) }
    )
  }

  /// The noise, estimated from the picture.
  package func estimatedNoise() -> NoiseLevel {
    let alpha = picture.alphaLayers
    let visible = alpha.isEmpty ? sample() : OpaquePart.of([picture.pixels] + alpha)
    let level = Profile.measure("estimating noise") { NoiseEstimate.level(of: visible) }
    return isRepeatedGray
      ? NoiseLevel(luma: perPlane(level) * ConditionMaps.repeatedNoiseFactor) : level
  }

  /// The standard deviation in a channel of noise as the model is told it.
  package func perChannel(_ noise: NoiseLevel) -> Float {
    channels == 1 ? noise.luma : noise.perChannel
  }

  /// The standard deviation in a channel of noise as it is estimated.
  private func perPlane(_ noise: NoiseLevel) -> Float {
    picture.channels == 1 ? noise.luma : noise.perChannel
  }

  /// The picture or, where it is large, evenly spaced pieces of it side by side, `[C, h, w]`.
  private func sample() -> Tensor {
    let piece = 512
    let counts = [picture.height, picture.width].map { min(4, max(1, $0 / piece)) }
    let isWhole = picture.height * picture.width <= 4 << 20
    let extents = isWhole ? [picture.height, picture.width] : counts.map { $0 * piece }
    guard !isWhole, counts.allSatisfy({ $0 > 1 }) else { return picture.pixels }
    return Tensor([picture.channels, extents[0], extents[1]]) { target in
      for channel in 0..<picture.channels {
        for line in 0..<extents[0] {
          let top = line / piece * (picture.height - piece) / (counts[0] - 1)
          for part in 0..<counts[1] {
            let left = part * (picture.width - piece) / (counts[1] - 1)
            let start = (channel * extents[0] + line) * extents[1] + part * piece
            picture.copyRow(
              top + line % piece, columns: left..<left + piece, channel: channel,
              to: UnsafeMutableBufferPointer(rebasing: target[start..<start + piece]))
          }
        }
      }
    }
  }

  /// What is told of the damage, region by region.
  package var damaged: DamagedPicture {
    let relative = sigmaMap == nil ? nil : noise(1)
    return DamagedPicture(
      channels: channels, height: extents.height, width: extents.width,
      hasHiddenPixels: hidden != nil || impulses != nil
    ) { observation, maps in
      let region = maps.region
      readObservation(observation)
      levels.fill(maps)
      let luma = maps.plane(ConditionMaps.lumaNoise)
      let chroma = maps.plane(ConditionMaps.chromaNoise)
      let seen = maps.plane(ConditionMaps.seen)
      if let noiseCurve {
        writeLevels(noiseCurve.model, noiseCurve.brightness, luma: luma, chroma: chroma)
      }
      if let sigmaMap, let relative {
        sigmaMap.withPlanes { luma.copy(region, from: $0) }
        for pixel in luma.indices {
          chroma[pixel] = luma[pixel] * relative.chroma
          luma[pixel] *= relative.luma
        }
      }
      if let hidden {
        hidden.withPlanes { seen.copy(region, from: $0) }
        for pixel in seen.indices { seen[pixel] = seen[pixel] == 0 ? 1 : 0 }
      }
      if let impulses {
        impulses.forEach(in: region) { row, column, _ in
          seen[region.offset(row: row, column: column)] = 0
        }
      }
    }
  }

  /// Writes the noise of every pixel of a region, by the brightness around it.
  private func writeLevels(
    _ noise: NoiseModel, _ brightness: BrightnessGrid, luma: MutablePlaneView,
    chroma: MutablePlaneView
  ) {
    let region = luma.region
    let hasChroma = channels == 3 && !isRepeatedGray
    for (line, row) in region.rows.enumerated() {
      brightness.forEach(row: row, columns: region.columns) { index, brightness in
        let place = line * region.width + index
        luma[place] = noise.luma.level(at: brightness)
        chroma[place] = hasChroma ? noise.chroma.level(at: brightness) : 0
      }
    }
  }

  /// Writes the observation of the region that the planes are of, in the model's channels.
  func readObservation(_ target: MutablePlaneView) {
    let (width, height, region) = (picture.width, picture.height, target.region)
    guard isEnlarged else { return readPicture(target) }
    Resampling.resize(
      rows: region.rows, columns: region.columns, toWidth: extents.width,
      toHeight: extents.height, width: width, height: height,
      channels: picture.channels,
      into: target.planes(0..<picture.channels).numbers
    ) { channel, row, buffer in
      picture.copyRow(row, columns: 0..<width, channel: channel, to: buffer)
    }
    repeatGray(target)
  }

  /// Writes a region of the picture as it is, in the model's channels.
  private func readPicture(_ target: MutablePlaneView) {
    picture.read(into: target.planes(0..<picture.channels))
    repeatGray(target)
  }

  /// Gives a gray picture's samples to the model's other channels.
  private func repeatGray(_ target: MutablePlaneView) {
    for channel in picture.channels..<max(channels, picture.channels) {
      target.plane(channel).copy(target.region, from: target.plane(0).readOnly)
    }
  }
}
