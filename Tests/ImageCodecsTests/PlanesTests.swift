import Testing

@testable import ImageCodecs

@Suite struct PlanesTests {
  @Test(arguments: Image.ColorModel.allCases, [8, 16])
  func planesGoThereAndBack(model: Image.ColorModel, depth: Int) {
    let width = 257
    let height = 256
    let count = width * height * model.channels
    // Every sample value occurs in every channel: 65,792 pixels, step 1.
    let image = Image(
      width: width, height: height, colorModel: model,
      samples: depth == 8
        ? .bits8((0..<count).map { UInt8(truncatingIfNeeded: $0 / model.channels) })
        : .bits16(
          (0..<count).map {
            UInt16(truncatingIfNeeded: $0 / model.channels + 9 * ($0 % model.channels))
          }))
    let planes = image.colorPlanes()
    let largest = depth == 8 ? 255 : 65535
    #expect(planes.count == width * height * model.colorChannels)
    #expect(planes.min() == 0)
    #expect(planes.max() == 1)
    #expect(planes[1] == Float(image.values[model.channels]) / Float(largest))
    let back = Image(
      planes: planes, width: width, height: height, channels: model.colorChannels,
      alpha: image.alphaPlane(), depth: depth)
    #expect(back == image)
  }

  @Test func planesAreSeparated() {
    let image = Image(
      width: 2, height: 1, colorModel: .rgba, samples: .bits8([0, 51, 102, 153, 204, 255, 0, 51]))
    #expect(image.colorPlanes() == [0, 0.8, 0.2, 1, 0.4, 0])
    #expect(image.alphaPlane() == [0.6, 0.2])
    #expect(image.converted(to: .rgb).alphaPlane() == nil)
  }

  @Test func clampsAndRounds() {
    let values: [Float] = [
      -1, -.infinity, .nan, 0, 0.49 / 255, 0.51 / 255, 254.49 / 255, 254.51 / 255, 1, 2,
      .infinity, -0.0, .leastNonzeroMagnitude,
    ]
    let image = Image(planes: values, width: values.count, height: 1, channels: 1)
    #expect(image.values == [0, 0, 0, 0, 0, 1, 254, 255, 255, 255, 255, 0, 0])
    let fine = Image(planes: values, width: values.count, height: 1, channels: 1, depth: 16)
    #expect(fine.values.prefix(4) == [0, 0, 0, 0])
    #expect(fine.values[8...] == [65535, 65535, 65535, 0, 0])
  }

  @Test(arguments: [8, 16])
  func convertsColor(depth: Int) {
    let scale = depth == 8 ? 1 : 257
    func image(_ model: Image.ColorModel, _ values: [Int]) -> Image {
      Image(
        width: 1, height: 1, colorModel: model,
        samples: depth == 8
          ? .bits8(values.map { UInt8($0) }) : .bits16(values.map { UInt16($0 * 257) }))
    }
    let color = image(.rgba, [255, 0, 0, 100])
    #expect(color.converted(to: .rgb) == image(.rgb, [255, 0, 0]))
    #expect(color.converted(to: .gray).values == [(299 * 255 * scale + 500) / 1000])
    #expect(color.converted(to: .grayAlpha).values[1] == 100 * scale)
    let gray = image(.gray, [7])
    #expect(gray.converted(to: .rgb) == image(.rgb, [7, 7, 7]))
    #expect(gray.converted(to: .rgba) == image(.rgba, [7, 7, 7, 255]))
    #expect(gray.converted(to: .rgb).converted(to: .gray) == gray)
    #expect(image(.rgba, [9, 8, 7, 0]).flattened() == image(.rgb, [255, 255, 255]))
    #expect(image(.grayAlpha, [9, 255]).flattened() == image(.gray, [9]))
    #expect(image(.grayAlpha, [0, 51]).flattened() == image(.gray, [204]))
  }

  @Test func convertsDepth() {
    let fine = Image(
      width: 4, height: 1, colorModel: .gray, samples: .bits16([0, 128, 129, 65535]))
    #expect(fine.converted(toDepth: 8).values == [0, 0, 1, 255])
    let all = Image(width: 256, height: 1, colorModel: .gray, samples: .bits8(Array(0...255)))
    #expect(all.converted(toDepth: 16).converted(toDepth: 8) == all)
    #expect(all.converted(toDepth: 16).values.last == 65535)
  }

  @Test func orientationsAreAGroup() {
    let image = WritingTests.picture(.rgb, depth: 16, width: 5, height: 3)
    let inverse: [Orientation: Orientation] = [
      .rotatedRight: .rotatedLeft, .rotatedLeft: .rotatedRight,
    ]
    for orientation in Orientation.allCases {
      let turned = image.applying(orientation)
      #expect(turned.width == (orientation.swapsAxes ? 3 : 5))
      #expect(turned.applying(inverse[orientation] ?? orientation) == image)
    }
    let corner = image.values.prefix(3)
    let right = image.applying(.rotatedRight)
    #expect(right.values[6..<9].elementsEqual(corner))
  }
}
