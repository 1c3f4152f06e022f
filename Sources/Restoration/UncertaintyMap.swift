import ImageCodecs
import Tensors

/// How much plausible results differ, pixel by pixel: the standard deviation over samples that
/// come one at a time (Welford 1962). No sample is kept.
public struct UncertaintyMap: Sendable {
  /// How many samples have been added.
  public private(set) var count = 0
  private let shape: Shape
  private var mean: [Float]
  /// The sum of squared differences from the mean.
  private var squares: [Float]

  /// - Parameter shape: of a sample, `[C, H, W]`.
  public init(shape: Shape) {
    self.shape = shape
    mean = [Float](repeating: 0, count: shape.count)
    squares = mean
  }

  /// - Precondition: the sample has the map's shape.
  public mutating func add(_ sample: Tensor) {
    precondition(sample.shape == shape, "samples of one shape")
    count += 1
    let share = 1 / Float(count)
    sample.elements.withUnsafeBufferPointer { sample in
      mean.withUnsafeMutableBufferPointer { mean in
        squares.withUnsafeMutableBufferPointer { squares in
          for index in sample.indices {
            let difference = sample[index] - mean[index]
            mean[index] += difference * share
            squares[index] += difference * (sample[index] - mean[index])
          }
        }
      }
    }
  }

  /// The root mean square over the channels of the samples' standard deviation (over count - 1),
  /// `[1, H, W]` on the samples' scale; 0 for fewer than two samples.
  public func deviation() -> Tensor {
    let (channels, area) = (shape[0], shape[1] * shape[2])
    let divisor = Float(max(count - 1, 1) * channels)
    return Tensor([1, shape[1], shape[2]]) { target in
      for pixel in 0..<area {
        var sum: Float = 0
        for channel in 0..<channels { sum += squares[channel * area + pixel] }
        target[pixel] = (sum / divisor).squareRoot()
      }
    }
  }
}

/// Deviations as pictures. A text chunk tells the scale.
extension UncertaintyMap {
  static let keyword = "Description"

  /// A 16-bit grey picture: the deviation times 65,535; 1, the distance from black to white, is
  /// white.
  ///
  /// - Parameter deviation: `[1, H, W]` on the [0, 1] scale.
  public static func greyPicture(of deviation: Tensor) -> Image {
    let samples = deviation.elements.map { UInt16((bounded($0) * 65_535).rounded()) }
    return picture(
      deviation, .grey, .bits16(samples),
      "standard deviation; 65535 is the distance from black to white")
  }

  /// An 8-bit picture to look at: 0 at the map's dark end, `range` and beyond at its bright end.
  ///
  /// - Parameter range: on the scale of the deviations; see `displayRange(of:)`.
  public static func colourPicture(
    of deviation: Tensor, range: Float, colours map: ColourMap
  ) -> Image {
    let colours = map.colours()
    let scale = range > 0 ? 255 / range : 0
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * deviation.elements.count)
    for element in deviation.elements {
      let place = element.isFinite ? min(max(element * scale, 0), 255) : 0
      let colour = colours[Int(place.rounded())]
      samples.append(colour.red)
      samples.append(colour.green)
      samples.append(colour.blue)
    }
    return picture(
      deviation, .rgb, .bits8(samples),
      "standard deviation; dark is 0, bright \(range * 255) of 255 and more")
  }

  /// The deviation that 99.5 % of the pixels do not exceed; the largest where that is 0.
  public static func displayRange(of deviation: Tensor) -> Float {
    let sorted = deviation.elements.filter(\.isFinite).sorted()
    guard let last = sorted.last else { return 0 }
    let percentile = sorted[(sorted.count * 995 + 999) / 1000 - 1]
    return percentile > 0 ? percentile : last
  }

  private static func bounded(_ x: Float) -> Float { x.isFinite ? min(max(x, 0), 1) : 0 }

  private static func picture(
    _ deviation: Tensor, _ model: Image.ColourModel, _ samples: Image.Samples, _ text: String
  ) -> Image {
    Image(
      width: deviation.shape[2], height: deviation.shape[1], colourModel: model, samples: samples,
      metadata: Metadata(text: [.init(keyword: keyword, value: text)]))
  }
}
