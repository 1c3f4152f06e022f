import ImageCodecs
import Tensors
import Testing

@testable import Restoration

@Suite struct UncertaintyMapTests {
  /// Against the sums over all samples.
  @Test func deviationOfSamples() {
    var random = RandomSource(seed: 2)
    let samples = (0..<7).map { _ in random.uniform([3, 4, 5]) }
    var map = UncertaintyMap(shape: [3, 4, 5])
    for sample in samples { map.add(sample) }
    let deviation = map.deviation()
    #expect(map.count == 7 && deviation.shape == [1, 4, 5])
    for pixel in 0..<20 {
      var sum = 0.0
      for channel in 0..<3 {
        let values = samples.map { Double($0[channel * 20 + pixel]) }
        let mean = values.reduce(0, +) / 7
        sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6
      }
      #expect(abs(Double(deviation[pixel]) - (sum / 3).squareRoot()) < 1e-6)
    }
  }

  @Test func oneSampleTellsNothing() {
    var map = UncertaintyMap(shape: [1, 2, 2])
    #expect(map.deviation() == Tensor([1, 2, 2]))
    map.add(Tensor([1, 2, 2], repeating: 0.7))
    #expect(map.deviation() == Tensor([1, 2, 2]))
  }

  @Test func pictures() throws {
    let deviation = Tensor([1, 2, 3], [0, 0.25, 0.5, 1, 2, .nan])
    let grey = UncertaintyMap.greyPicture(of: deviation)
    #expect(grey.samples == .bits16([0, 16384, 32768, 65535, 65535, 0]))
    #expect((grey.width, grey.height) == (3, 2) && grey.metadata.text.count == 1)
    let colour = UncertaintyMap.colourPicture(of: deviation, range: 0.5, colours: .grey)
    guard case .bits8(let samples) = colour.samples else {
      Issue.record("expected 8 bits")
      return
    }
    #expect(samples[0] == 0 && samples[6] == 255 && samples[9] == 255 && samples[15] == 0)
    #expect(colour.metadata.text[0].value.contains("127.5 of 255"))
  }

  @Test func displayRangeIsAPercentile() {
    let ramp = Tensor([1, 10, 100], (0..<1000).map { Float($0) / 1000 })
    #expect(UncertaintyMap.displayRange(of: ramp) == 0.994)
    var point = Tensor([1, 100, 100])
    point[7] = 0.5
    #expect(UncertaintyMap.displayRange(of: point) == 0.5)
    #expect(UncertaintyMap.displayRange(of: Tensor([1, 2, 2])) == 0)
  }
}

@Suite struct ColourMapTests {
  @Test(arguments: ColourMap.allCases)
  func stepsAreEvenAndWithinTheGamut(_ map: ColourMap) {
    let colours = map.even(256)
    let steps = (1..<256).map { colours[$0].distance(to: colours[$0 - 1]) }
    #expect((steps.max() ?? 1) < 1.03 * (steps.min() ?? 0))
    for (index, colour) in colours.enumerated() {
      #expect(colour.light.min() > -1e-4 && colour.light.max() < 1.0001)
      if index > 0 { #expect(colour.values.x > colours[index - 1].values.x) }
    }
  }

  @Test func ends() {
    let grey = ColourMap.grey.colours()
    #expect(grey.count == 256)
    #expect(grey[0] == .init(red: 0, green: 0, blue: 0))
    #expect(grey[255] == .init(red: 255, green: 255, blue: 255))
    #expect(grey.allSatisfy { $0.red == $0.green && $0.green == $0.blue })
    #expect(ColourMap.heat.colours()[0].red < 20 && ColourMap.heat.colours()[255].green > 240)
  }
}
