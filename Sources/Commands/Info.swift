import ArgumentParser
import Checkpoints
import Files
import Graphs
import ImageCodecs
import Restoration
import VAE

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Describe a model or picture file.",
    discussion: """
        $ latent info digits
        model         /usr/local/share/latent/models/digits.safetensors
        pictures      28x28 gray
        latents       32
        network       convolutional
          widths        24, 48
          blocks        1
          hidden        256
          activation    silu
        likelihood    bernoulli
        parameters    1,346,956 (5.4 MB)
        history
          version       0.1.0
          data          train-images-idx3-ubyte.gz
          examples      50000
          steps         12000
          ...
        $ latent info digits --json | jq .configuration.latents
        32
        $ latent info photo.jpg
        picture       photo.jpg
        format        JPEG, quality 92
        size          4000x3000
        samples       8 bits, color
        noise         luma=3.12/2.75/2.31,chroma=2.05, estimated

      The noise is what denoise would take off: its standard deviations in luma and chroma on the \
      scale 0 to 255, in dark, middle and bright areas. With --json it may be kept for other \
      pictures of the same camera:

        $ latent info first.jpg --json > camera.json
        $ latent denoise -r shots/ --noise camera.json -o clean/

      For a hierarchical model it prints the latents at every level, the stride to whose multiples \
      pictures are extended, the halo (how far around a pixel a restored picture depends on what \
      was there) and the parameters by network.
      """)

  @Argument(help: "The model, a name such as digits or a file; or a picture file.")
  var model: String

  @Flag(help: "List the tensors with their shapes.")
  var tensors = false

  @Flag(help: "Print one JSON object.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The largest width times height of a picture that is read.", valueName: "count"))
  var maxPixels: Int = ImageLimits.default.maximumPixels

  func run() throws {
    if PictureReport.isPicture(model) { return try describePicture() }
    do {
      try describeModel()
    } catch  where PictureReport.isNamed(by: model) {
      // No model is called so: what is wrong with the picture is to be told.
      try describePicture()
    }
  }

  private func describePicture() throws {
    // Without the model that reads noise, noise counts as white.
    let estimator = try? ChosenModel.denoising.load()
    let report = try PictureReport(
      path: model, limits: ImageLimits(maximumPixels: maxPixels),
      noise: PictureNoise(estimator, backend: Backends.selected))
    let text = json ? report.json.description + "\n" : report.text
    try FileOutput.standardOutput.write(Array(text.utf8))
  }

  private func describeModel() throws {
    let path = try ModelLocator.current.path(of: model)
    let report = ModelReport(try Model(path: path), path: path)
    let text = json ? report.json.description + "\n" : report.text(tensors: tensors)
    try FileOutput.standardOutput.write(Array(text.utf8))
  }
}
