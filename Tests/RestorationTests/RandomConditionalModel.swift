import Datasets
import Graphs
import Pictures
import Tensors
import VAE

@testable import Restoration

/// A small conditional model with weights that are drawn, and pictures for it.
enum RandomConditionalModel {
  /// Two levels: stride 4, alignment 16, halo 176.
  static func make(channels: Int = 3, levels: Int = 2, predictsError: Bool = false) -> Model {
    let hierarchy = Hierarchy(
      widths: Array([24, 26, 25].prefix(levels)), targetWidths: Array([4, 4, 4].prefix(levels)),
      latents: Array([2, 3, 2].prefix(levels)), blocks: Array(repeating: 1, count: levels),
      activation: .silu, isConditional: true, predictsError: predictsError, errorWidths: [20, 6])
    let side = hierarchy.stride * 2
    let model = Model(
      Configuration(
        image: ImageShape(channels: channels, height: side, width: side), hierarchy: hierarchy),
      seed: 5)
    // Priors and residuals start at or near zero; here everything is to matter.
    for (index, slot) in model.parameters.slots.enumerated() {
      var random = RandomSource(seed: 7, stream: UInt64(index))
      let fanIn = Float(slot.shape.dimensions.dropFirst().reduce(1, *))
      let noise = random.normal(slot.shape)
      model.parameters[slot.name] = Tensor(
        slot.shape, noise.elements.map { $0 / fanIn.squareRoot() })
    }
    return model
  }

  /// A picture of noise and a ramp; with `masked` pixels of it are hidden, singly and in a box.
  static func picture(
    channels: Int = 3, height: Int, width: Int, noise: Float = 0.1, masked: Bool = false
  ) -> (observation: Tensor, maps: Tensor) {
    var random = RandomSource(seed: 11, stream: UInt64(height * 10_000 + width))
    let area = height * width
    let numbers = random.uniform([channels, height, width])
    let observation = Tensor(
      numbers.shape,
      numbers.elements.enumerated().map { index, number in
        0.5 * number + 0.5 * Float(index % width) / Float(width)
      })
    var maps = DamageLevels(noise: noise).maps(height: height, width: width)
    if masked {
      let choice = random.uniform([height, width])
      for row in 0..<height {
        for column in 0..<width {
          let isBoxed = (height / 3..<height / 3 + 30).contains(row) && column < 25
          if choice[row * width + column] < 0.6 || isBoxed {
            maps[row * width + column] = 0
          }
        }
      }
      if area == 1 { maps[0] = 1 }
    }
    return (observation, maps)
  }

  /// All backends that are compiled in, but for the slow one.
  static var backends: [String] {
    Backends.available.filter { $0 != "reference" }
  }
}

extension Tensor {
  /// A region of `[C, H, W]`.
  func cropped(_ region: Region) -> Tensor {
    cropped(to: region)
  }
}
