// What a model makes of pictures.
//
//   code encode MODEL PICTURE...          a line of numbers for each picture
//   code reconstruct MODEL PICTURE RESULT
//   code interpolate MODEL FROM TO FOLDER  five frames
//   code sample MODEL FOLDER               three pictures
//   code evaluate MODEL PICTURE...

import LatentVAE

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3 else {
  fatalError("usage: code encode|reconstruct|interpolate|sample|evaluate MODEL ...")
}
let autoencoder = try Autoencoder(Model.named(arguments[1]))
let paths = arguments.dropFirst(2)

func write(_ pictures: [Picture], to folder: String) throws {
  for (index, picture) in pictures.enumerated() {
    try picture.write(to: "\(folder)/\(index + 1).png")
  }
}

switch arguments[0] {
case "encode":
  for path in paths {
    let code = try autoencoder.encode(Picture(path: path))
    print(code.latents.elements.map { "\($0)" }.joined(separator: "\t"))
  }
case "reconstruct":
  let code = try autoencoder.encode(Picture(path: arguments[2]))
  try autoencoder.decode(code).write(to: arguments[3])
case "interpolate":
  var options = InterpolationOptions()
  options.frames = 5
  let ends = try [Picture(path: arguments[2]), Picture(path: arguments[3])]
  try write(autoencoder.interpolate(ends, options: options), to: arguments[4])
case "sample":
  var options = SamplingOptions()
  options.seed = 2
  try write(autoencoder.sample(3, options: options), to: arguments[2])
default:
  var options = EvaluationOptions()
  options.importanceSamples = 10
  let pictures = try paths.map { try Picture(path: $0) }
  let summary = try autoencoder.evaluate(pictures, options: options)
  print(summary.bound.mean, summary.logLikelihood.mean)
}
