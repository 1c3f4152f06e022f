import Pictures
import Platform
import Tensors

/// What a camera does to light until a file lies on its card (after Brooks et al. 2019,
/// "Unprocessing images for learned raw denoising", section 3): exposure and color filters, noise
/// of photons and of reading, demosaicing, white balance, gamma, smoothing, sharpening, reduction.
struct CameraDamage: Sendable {
  /// Of the tone curve, v = light^(1 / gamma).
  let gamma: Float
  /// How much of the sensor's range the picture's white takes.
  let exposure: Float
  /// The gains of red, green and blue.
  let whiteBalance: (Float, Float, Float)
  let filters: ColorFilterArray
  /// The variance of the noise per unit of light.
  let shot: Float
  /// The variance of the noise in the dark.
  let read: Float
  /// Deviations in pixels.
  let lumaSmoothing: Float
  let chromaSmoothing: Float
  /// How much of what a blur of one pixel takes is added.
  let sharpening: Float
  /// How many times as large, in each direction, the sensor is.
  let scale: Float

  /// Real noise is coarser than what a plain chain gives; hence the smoothing.
  static func random(using random: inout RandomSource) -> CameraDamage {
    func chance(_ share: Float) -> Bool { random.nextUniform() < share }
    let shot = 1e-4 * powf(200, random.nextUniform())
    let spread = 0.26 * random.nextNormal()
    return CameraDamage(
      gamma: random.next(in: 1.8...2.6), exposure: expf(random.next(in: -0.7...0.1)),
      whiteBalance: (random.next(in: 1.4...2.4), 1, random.next(in: 1.3...2.2)),
      filters: ColorFilterArray(
        top: random.nextIndex(below: 2), left: random.nextIndex(below: 2),
        method: chance(0.6) ? .malvar : .bilinear),
      shot: shot, read: expf(2.18 * logf(shot) + 1.2 + spread),
      lumaSmoothing: chance(0.7) ? random.next(in: 0...1.3) : 0,
      chromaSmoothing: chance(0.8) ? random.next(in: 0...3.5) : 0,
      sharpening: chance(0.4) ? random.next(in: 0...1) : 0,
      scale: chance(0.25) ? random.next(in: 1...2) : 1)
  }

  private func gain(_ channel: Int) -> Float {
    (channel == 0 ? whiteBalance.0 : channel == 1 ? whiteBalance.1 : whiteBalance.2) / exposure
  }

  /// Takes a picture of a scene twice, without noise and with.
  ///
  /// - Parameters:
  ///   - scene: `[C, H, W]` in [0, 1]; becomes the picture without noise. With one channel the sensor has no
  ///     filters.
  ///   - noisy: gets the picture with noise, `[C, H, W]` in [0, 1].
  func expose(
    _ scene: MutablePlaneView, noisy: MutablePlaneView, using random: inout RandomSource
  ) {
    let (channels, area) = (scene.channels, scene.region.area)
    let isColor = channels == 3
    for channel in 0..<channels {
      let gain = isColor ? gain(channel) : 1 / exposure
      for index in channel * area..<(channel + 1) * area {
        scene[index] = powf(min(max(scene[index], 1e-4), 1), gamma) / gain
      }
    }
    MutablePlaneView.withTemporary(
      channels: 2, height: scene.region.height, width: scene.region.width
    ) { memory in
      let (sensor, noise) = (memory.plane(0), memory.plane(1))
      if isColor {
        filters.mosaic(scene, into: sensor)
      } else {
        for index in 0..<area { sensor[index] = scene[index] }
      }
      random.fillNormal(noise.numbers)
      for index in 0..<area {
        noise[index] = sensor[index] + noise[index] * (shot * sensor[index] + read).squareRoot()
      }
      develop(sensor, into: scene)
      develop(noise, into: noisy)
    }
  }

  /// From the sensor's numbers to a picture.
  private func develop(_ sensor: MutablePlaneView, into planes: MutablePlaneView) {
    let (channels, area) = (planes.channels, planes.region.area)
    if channels == 3 {
      filters.demosaic(sensor, into: planes)
    } else {
      for index in 0..<area { planes[index] = sensor[index] }
    }
    for channel in 0..<channels {
      let gain = channels == 3 ? gain(channel) : 1 / exposure
      for index in channel * area..<(channel + 1) * area {
        planes[index] = powf(min(max(planes[index] * gain, 0), 1), 1 / gamma)
      }
    }
    if channels == 3 { LumaChroma.split(planes) }
    for channel in 0..<channels {
      PlaneFilter.blur(
        planes.plane(channel), deviation: channel == 0 ? lumaSmoothing : chromaSmoothing)
    }
    sharpen(planes.plane(0))
    if channels == 3 { LumaChroma.join(planes) }
    for index in 0..<channels * area { planes[index] = min(max(planes[index], 0), 1) }
  }

  private func sharpen(_ luma: MutablePlaneView) {
    guard sharpening > 0 else { return }
    let region = luma.region
    MutablePlaneView.withTemporary(height: region.height, width: region.width) { smooth in
      for index in 0..<luma.count { smooth[index] = luma[index] }
      PlaneFilter.blur(smooth, deviation: 1)
      for index in 0..<luma.count { luma[index] += sharpening * (luma[index] - smooth[index]) }
    }
  }
}

/// Y'CbCr of ITU-R BT.601, as JPEG files have it, without offsets.
enum LumaChroma {
  /// Three planes, red, green and blue, become luma and the two color differences.
  static func split(_ planes: MutablePlaneView) {
    let area = planes.region.area
    for pixel in 0..<area {
      let (r, g, b) = (planes[pixel], planes[area &+ pixel], planes[2 &* area &+ pixel])
      let luma = 0.299 * r + 0.587 * g + 0.114 * b
      planes[pixel] = luma
      planes[area &+ pixel] = (b - luma) / 1.772
      planes[2 &* area &+ pixel] = (r - luma) / 1.402
    }
  }

  /// The inverse of `split`.
  static func join(_ planes: MutablePlaneView) {
    let area = planes.region.area
    for pixel in 0..<area {
      let (luma, blue, red) = (planes[pixel], planes[area &+ pixel], planes[2 &* area &+ pixel])
      let (r, b) = (luma + 1.402 * red, luma + 1.772 * blue)
      planes[pixel] = r
      planes[area &+ pixel] = (luma - 0.299 * r - 0.114 * b) / 0.587
      planes[2 &* area &+ pixel] = b
    }
  }
}

extension RandomSource {
  /// A standard normal number.
  mutating func nextNormal() -> Float {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 1) { number in
      number.initialize(repeating: 0)
      fillNormal(number)
      return number[0]
    }
  }
}

extension DamageCanvas {
  /// Observes the crop through a camera; the crop becomes what the camera shows without noise.
  func expose(_ camera: CameraDamage, using random: inout RandomSource) {
    let (height, width) = (
      Int((Float(height) * camera.scale).rounded(.up)),
      Int((Float(width) * camera.scale).rounded(.up))
    )
    guard width != self.width || height != self.height else {
      return camera.expose(
        clean.planes(0..<planes), noisy: observation.planes(0..<planes), using: &random)
    }
    var scene = resized(
      Array(clean.planes(0..<planes).numbers), from: (self.height, self.width), to: (height, width))
    var noisy = scene
    let region = Region(height: height, width: width)
    scene.withMutablePlanes(channels: planes, region) { scene in
      noisy.withMutablePlanes(channels: planes, region) { noisy in
        camera.expose(scene, noisy: noisy, using: &random)
      }
    }
    for (planes, target) in [(scene, clean), (noisy, observation)] {
      let small = resized(planes, from: (height, width), to: (self.height, self.width))
      for index in 0..<count { target[index] = min(max(small[index], 0), 1) }
    }
  }

  func resized(
    _ planes: [Float], from: (height: Int, width: Int), to: (height: Int, width: Int)
  ) -> [Float] {
    Resampling.resize(
      planes, width: from.width, height: from.height, channels: self.planes, toWidth: to.width,
      toHeight: to.height)
  }
}
